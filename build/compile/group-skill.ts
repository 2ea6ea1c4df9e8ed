import type { GroupSkill, Reference } from '../expanded.ts'
import type { Memo } from '../memo.ts'
import { authored, generated, type Piece, textOfPieces, type Woven } from '../woven.ts'
import { weaveReference } from './reference.ts'
import { ruleList, rulesFor } from './rules.ts'
import { yamlText } from './yaml-text.ts'

/** Files of a skill, paths relative to it. */
export type SkillFiles = ReadonlyMap<string, string>

/** The files of one variant of a group; a text that variants have in common is made once. */
export function groupSkillFiles(
  memo: Memo,
  skill: GroupSkill,
  commandments: ReadonlyMap<string, readonly string[]>,
): SkillFiles {
  const rules = rulesFor(skill.tags, commandments)
  return new Map([
    ['SKILL.md', textOfPieces(skillMarkdown(skill, rules))],
    ...memo.of(referenceTexts, skill.references, skill.preamble),
    ...(rules.length === 0 ? [] : [memo.of(rulesText, ...rules)]),
    ...[...skill.examples, ...skill.documents].map(
      ({ name, text }) => [`references/${name}`, memo.of(sameText, text)] as const,
    ),
    ...skill.scripts,
  ])
}

function referenceTexts(references: readonly Reference[], preamble: string | undefined) {
  return wovenReferences({ references, preamble }).map(
    ([path, pieces]) => [path, textOfPieces(pieces)] as const,
  )
}

function rulesText(...rules: readonly string[]) {
  const [path, pieces] = wovenRules(rules)
  return [path, textOfPieces(pieces)] as const
}

/** Equal texts of several documents become one. */
function sameText(text: string): string {
  return text
}

/** The same files, those that are carried as they are left out, in pieces that know what they were made from. */
export function weaveGroupSkill(
  skill: GroupSkill,
  commandments: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, Woven> {
  const rules = rulesFor(skill.tags, commandments)
  return new Map([
    ['SKILL.md', skillMarkdown(skill, rules)],
    ...wovenReferences(skill),
    ...(rules.length === 0 ? [] : [wovenRules(rules)]),
  ])
}

type WovenFile = readonly [path: string, pieces: Woven]

function wovenReferences(of: Pick<GroupSkill, 'references' | 'preamble'>): WovenFile[] {
  return of.references.map((reference) => [`references/${reference.name}`, weaveReference(reference, of)])
}

function wovenRules(rules: readonly string[]): WovenFile {
  const title = generated('heading', '# Rules\n\n')
  return ['references/COMMANDMENTS.md', [title, ...ruleList(rules), generated('heading', '\n')]]
}

function skillMarkdown(skill: GroupSkill, rules: readonly string[]): Woven {
  const template = skill.template ?? DOCS_ONLY
  const steps = skill.references.filter(({ nextStep }) => nextStep !== undefined)
  const isWorkflow = template.includes('{workflow}')
  const values: Readonly<Record<string, Woven>> = {
    display_name: [{ text: skill.displayName, from: { kind: 'value', name: 'display_name' } }],
    description: [{ text: skill.description, from: { kind: 'value', name: 'description' } }],
    references: [generated('list of references', referenceList(skill, isWorkflow ? steps : [], rules))],
    commandments: ruleList(rules),
    workflow: [generated('list of steps', workflow(steps))],
  }
  const body =
    skill.template === undefined ? filled(template, GENERATED, values) : filled(template, AUTHORED, values)
  const own = skill.template === undefined ? body.map(asGenerated) : body
  return [...frontmatter(skill), generated('frontmatter', '\n'), ...withoutFirstBreak(own)]
}

/** A template with values in place of its placeholders; a value is only text, whatever it holds. */
function filled(template: string, placeholder: RegExp, values: Readonly<Record<string, Woven>>): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of template.matchAll(placeholder)) {
    pieces.push(authored(template.slice(end, match.index), end), ...(values[match[1] ?? ''] ?? []))
    end = match.index + match[0].length
  }
  return [...pieces, authored(template.slice(end), end)]
}

function asGenerated(piece: Piece): Piece {
  return piece.from.kind === 'authored' ? generated('docs-only template', piece.text) : piece
}

function withoutFirstBreak(pieces: readonly Piece[]): Piece[] {
  const at = pieces.findIndex(({ text }) => text !== '')
  return pieces.map((piece, index) => {
    if (index !== at || !piece.text.startsWith('\n')) return piece
    const { from } = piece
    return {
      text: piece.text.slice(1),
      from: from.kind === 'authored' ? { ...from, offset: from.offset + 1 } : from,
    }
  })
}

const AUTHORED = /\{(display_name|references|commandments|workflow)\}/g
const GENERATED = /\{(display_name|description|references)\}/g
const DOCS_ONLY = '# {display_name}\n\n{description}\n\n## References\n\n{references}\n'

function frontmatter({ id, description, group, variant, framework, tags }: GroupSkill): Woven {
  const metadata = {
    group,
    variant,
    ...(framework === undefined ? {} : { framework }),
    ...(tags.length === 0 ? {} : { tags: tags.join(', ') }),
  }
  const lines = Object.entries(metadata).map(([key, value]) => `  ${key}: ${yamlText(value)}\n`)
  return [
    generated('frontmatter', `---\nname: ${id}\n`),
    { text: `description: ${yamlText(description)}\n`, from: { kind: 'value', name: 'description' } },
    generated('frontmatter', `metadata:\n${lines.join('')}---\n`),
  ]
}

/** Everything in `references/` that the workflow does not list. */
function referenceList(skill: GroupSkill, listed: readonly Reference[], rules: readonly string[]): string {
  const entries = [
    ...skill.references
      .filter((reference) => !listed.includes(reference))
      .map(({ name, title, description }) => ({ name, title, description })),
    ...[...skill.examples, ...skill.documents].map(({ name, title }) => ({
      name,
      title,
      description: undefined,
    })),
    ...(rules.length === 0
      ? []
      : [{ name: 'COMMANDMENTS.md', title: 'Rules', description: 'what always holds' }]),
  ]
  if (entries.length === 0) return '_No references._'
  return entries.map((entry) => `- ${link(entry)}`).join('\n')
}

function workflow(steps: readonly Reference[]): string {
  if (steps.length === 0) return '_No steps._'
  return steps.map((step, at) => `${at + 1}. ${at === 0 ? '**Start here:** ' : ''}${link(step)}`).join('\n')
}

function link({ name, title, description }: Pick<Reference, 'name' | 'title' | 'description'>): string {
  return `[${title}](references/${name})${description === undefined ? '' : `: ${description}`}`
}
