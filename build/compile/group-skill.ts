import type { GroupSkill, Reference } from '../expanded.ts'
import { compileReference } from './reference.ts'
import { ruleList, rulesFor } from './rules.ts'
import { yamlText } from './yaml-text.ts'

/** Files of a skill, paths relative to it. */
export type SkillFiles = ReadonlyMap<string, string>

/** Makes the files of one variant of a group. */
export function compileGroupSkill(
  skill: GroupSkill,
  commandments: ReadonlyMap<string, readonly string[]>,
): SkillFiles {
  const rules = rulesFor(skill.tags, commandments)
  const files = new Map<string, string>([['SKILL.md', skillMarkdown(skill, rules)]])
  for (const reference of skill.references) {
    files.set(`references/${reference.name}`, compileReference(reference, skill))
  }
  for (const { name, text } of [...skill.examples, ...skill.documents]) {
    files.set(`references/${name}`, text)
  }
  if (rules.length > 0) files.set('references/COMMANDMENTS.md', `# Rules\n\n${ruleList(rules)}\n`)
  for (const [path, text] of skill.scripts) files.set(path, text)
  return files
}

function skillMarkdown(skill: GroupSkill, rules: readonly string[]): string {
  const template = skill.template ?? DOCS_ONLY
  const steps = skill.references.filter(({ nextStep }) => nextStep !== undefined)
  const isWorkflow = template.includes('{workflow}')
  const values: Readonly<Record<string, string>> = {
    display_name: skill.displayName,
    description: skill.description,
    references: referenceList(skill, isWorkflow ? steps : [], rules),
    commandments: ruleList(rules),
    workflow: workflow(steps),
  }
  // A function, so that `$&` in a value is only text.
  const body = template.replace(
    skill.template === undefined ? GENERATED : AUTHORED,
    (_, key: string) => values[key] ?? '',
  )
  return `${frontmatter(skill)}\n${body.replace(/^\n/, '')}`
}

const AUTHORED = /\{(display_name|references|commandments|workflow)\}/g
const GENERATED = /\{(display_name|description|references)\}/g
const DOCS_ONLY = '# {display_name}\n\n{description}\n\n## References\n\n{references}\n'

function frontmatter({ id, description, group, variant, framework, tags }: GroupSkill): string {
  const metadata = {
    group,
    variant,
    ...(framework === undefined ? {} : { framework }),
    ...(tags.length === 0 ? {} : { tags: tags.join(', ') }),
  }
  const lines = Object.entries(metadata).map(([key, value]) => `  ${key}: ${yamlText(value)}`)
  return [
    '---',
    `name: ${id}`,
    `description: ${yamlText(description)}`,
    'metadata:',
    ...lines,
    '---',
    '',
  ].join('\n')
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
