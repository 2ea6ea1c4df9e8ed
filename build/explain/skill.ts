import { weaveGroupSkill } from '../compile/group-skill.ts'
import { includedLines, type SourceLine } from '../expand/partials.ts'
import type { CarriedDocument, GroupSkill } from '../expanded.ts'
import type { Markdown } from '../library.ts'
import type { ResolvedTree } from '../pipeline.ts'
import { positions } from '../position.ts'
import { type ExplainedFile, ranges, type Source, type SourceKind } from './explanation.ts'
import { lineCount, type SourceOf, sourcesOfLines } from './lines.ts'
import { rulePlaces } from './rule-places.ts'

/** Explains every file of one variant of a group. */
export function explainGroupSkill(skill: GroupSkill, tree: ResolvedTree): ExplainedFile[] {
  const { commandments } = tree.linked
  const rules = rulePlaces(skill.tags, tree.parsed.commandments)
  const woven = [...weaveGroupSkill(skill, commandments)].map(([path, pieces]): ExplainedFile => {
    const expanded = expandedLines(path, skill, tree)
    return { path, ranges: ranges(sourcesOfLines(pieces, sourceOf(expanded, { skill, rules }))) }
  })
  const carried = (documents: readonly CarriedDocument[], kind: SourceKind) =>
    documents.map(({ name, origin, text }) => wholeFile(`references/${name}`, text, { kind, path: origin }))
  const scripts = [...skill.scripts].map(([path, text]) => explainScript(path, text, `skills/${skill.group}`))
  return [
    ...woven,
    ...carried(skill.examples, 'example'),
    ...carried(skill.documents, 'document'),
    ...scripts,
  ]
}

/** A script is bundled from that file and all it imports, so lines of it mean nothing. */
export function explainScript(path: string, text: string, dir: string): ExplainedFile {
  const source: Source = {
    kind: 'script',
    path: `${dir}/${path.replace(/\.mjs$/, '.ts')}`,
    lines: null,
    note: 'bundled with what it imports',
  }
  return { path, ranges: [{ output: [1, lineCount(text)], sources: [source] }] }
}

/** A file that is served as it is. */
export function wholeFile(
  path: string,
  text: string,
  from: Pick<Source, 'kind'> & { readonly path: string },
): ExplainedFile {
  const count = lineCount(text)
  // An example app is many files in one, so its lines are not theirs.
  const lines = from.kind === 'example' ? null : ([1, count] as const)
  return { path, ranges: [{ output: [1, count], sources: [{ ...from, lines, note: '' }] }] }
}

interface Expanded {
  readonly kind: 'template' | 'reference'
  /** Path of the file itself; what comes from elsewhere is a partial. */
  readonly path: string
  readonly lineOf: (offset: number) => SourceLine | undefined
}

/** What the authored pieces of a file were cut from, if it has any. */
function expandedLines(path: string, skill: GroupSkill, tree: ResolvedTree): Expanded | undefined {
  if (path === 'SKILL.md') {
    const { template } = skill.origins
    if (template === undefined || skill.template === undefined) return undefined
    return expandedFile('template', { path: template, text: skill.template, tree })
  }
  const reference = skill.references.find(({ name }) => path === `references/${name}`)
  if (reference === undefined) return undefined
  return expandedFile('reference', { path: `skills/${skill.group}/${path}`, text: reference.text, tree })
}

function expandedFile(
  kind: Expanded['kind'],
  { path, text, tree }: { readonly path: string; readonly text: string; readonly tree: ResolvedTree },
): Expanded | undefined {
  const markdown = tree.library.markdown(path, 'optional')
  if (markdown === undefined) return undefined
  const lines = [...(kind === 'reference' ? headLines(markdown) : []), ...bodyLines(markdown, tree)]
  const positionOf = positions(text)
  return { kind, path, lineOf: (offset) => lines[positionOf(offset).line - 1] }
}

/** Lines of the frontmatter, as they stand in the file. */
export function headLines(markdown: Markdown): SourceLine[] {
  const count = markdown.positionOf(markdown.bodyOffset).line - 1
  return Array.from({ length: count }, (_, at) => ({ path: markdown.path, line: at + 1 }))
}

/** Lines of a body with its includes in place. */
export function bodyLines(markdown: Markdown, { parsed, linked }: ResolvedTree): SourceLine[] {
  return includedLines(markdown, { files: parsed.partials, partial: linked.shared })
}

interface Materials {
  readonly skill: GroupSkill
  /** Rule → where it is written. */
  readonly rules: ReadonlyMap<string, readonly [number, number]>
}

function sourceOf(expanded: Expanded | undefined, { skill, rules }: Materials): SourceOf {
  return ({ from }, offset): Source => {
    switch (from.kind) {
      case 'authored':
        return authoredSource(expanded, from.offset + offset)
      case 'value': {
        const { path, line } = skill.origins[from.name]
        return { kind: 'config', path, lines: [line, line], note: from.name }
      }
      case 'rule':
        return {
          kind: 'commandments',
          path: 'commandments.yaml',
          lines: rules.get(from.rule) ?? null,
          note: '',
        }
      case 'generated':
        return { kind: 'generated', path: null, lines: null, note: from.what }
    }
  }
}

function authoredSource(expanded: Expanded | undefined, offset: number): Source {
  const at = expanded?.lineOf(offset)
  if (expanded === undefined || at === undefined)
    throw new RangeError(`nothing was authored at offset ${offset}`)
  const kind = at.path === expanded.path ? expanded.kind : 'partial'
  return { kind, path: at.path, lines: [at.line, at.line], note: '' }
}
