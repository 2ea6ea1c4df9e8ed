import { type Ceiling, ceilingSchema } from '../schemas/ceiling.ts'
import { didYouMean } from '../schemas/suggest.ts'
import type { SkillDocument } from './documents.ts'
import type { Prompt } from './expanded.ts'
import { errorAt, type Place, quote, type Report } from './finding.ts'
import { positions } from './position.ts'
import type { SourceFile, ToolCeiling } from './release.ts'
import { checkSchema } from './schema-issues.ts'
import { decode } from './text.ts'
import { readYaml, type Yaml } from './yaml.ts'

/** Where the ceiling stands, relative to the content root of the default branch. */
export const CEILING_PATH = 'ceiling.yaml'

/** Reads a ceiling; undefined after telling what is wrong with it, or when there is none. */
export function validateCeiling(yaml: Yaml | undefined, report: Report): Ceiling | undefined {
  return yaml && checkSchema(ceilingSchema, yaml, report)
}

/** Reads the file of a ceiling by itself. */
export function parseCeiling(file: SourceFile, report: Report): Ceiling | undefined {
  const text = decode(file, report)
  return validateCeiling(text && readYaml(text, { text: text.text, offset: 0 }, report), report)
}

/**
 * The ceiling of a channel: that of the name with most letters of its own. Where two have as many, a tool must be in
 * both. Undefined when no name matches: then nothing is forbidden.
 */
export function ceilingOf(ceiling: Ceiling, channel: string): ToolCeiling | undefined {
  const matching = Object.entries(ceiling.channels).filter(([pattern]) => matches(pattern, channel))
  if (matching.length === 0) return undefined
  const most = Math.max(...matching.map(([pattern]) => weight(pattern, channel)))
  const lists = matching
    .filter(([pattern]) => weight(pattern, channel) === most)
    .map(([, { tools }]) => tools)
  const tools = (lists[0] ?? []).filter((tool) => lists.every((list) => list.includes(tool)))
  return { channel, tools: new Set(tools) }
}

/** Tells every tool of a prompt that its channel may not give. */
export function checkPromptCeiling(prompt: Prompt, ceiling: ToolCeiling, report: Report): void {
  for (const [at, tool] of (prompt.frontmatter.allowedTools ?? []).entries()) {
    tell({ path: prompt.path, ...prompt.yaml.valueAt(['allowedTools', at]) }, { tool, ceiling, report })
  }
}

/** Tells every tool that a skill would have its readers allow and its channel may not give. */
export function checkSkillCeiling(skill: SkillDocument, ceiling: ToolCeiling, report: Report): void {
  const written = skill.frontmatter['allowed-tools']
  if (written === undefined) return
  const text = new TextDecoder().decode(skill.files.get('SKILL.md'))
  const position = positions(text)(Math.max(0, text.search(/^["']?allowed-tools/m)))
  for (const tool of toolsNamedBy(written)) {
    tell({ path: skill.path, ...position }, { tool, ceiling, report })
  }
}

/** The tools that a skill's `allowed-tools` names, without what they are narrowed to. */
export function toolsNamedBy(allowedTools: string): string[] {
  return [...allowedTools.matchAll(/[^\s(,]+(\([^)]*\)?)?/g)].map(([tool]) => tool.replace(/\(.*$/s, ''))
}

interface Named {
  readonly tool: string
  readonly ceiling: ToolCeiling
  readonly report: Report
}

function tell(place: Place, { tool, ceiling: { channel, tools }, report }: Named): void {
  if (tools.has(tool)) return
  const allowed = tools.size === 0 ? 'no tool at all' : `one of ${[...tools].join(', ')}`
  const message = `Cannot give the tool ${quote(tool)} to the channel ${quote(channel)}: ${CEILING_PATH} of the default branch allows ${allowed}, expected nothing beyond that`
  report(errorAt(place, { code: 'ceiling/tool', message, fix: didYouMean(tool, tools) }))
}

function matches(pattern: string, channel: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`).test(channel)
}

/** A whole name outweighs every pattern. */
function weight(pattern: string, channel: string): number {
  return pattern === channel ? Number.POSITIVE_INFINITY : pattern.replaceAll('*', '').length
}
