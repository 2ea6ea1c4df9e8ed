import { unzipSync } from 'fflate'
import { parsePrompt } from '../schemas/flat-prompt.ts'
import { skillBundleSchema } from '../schemas/skill.ts'
import { CEILING_PATH, toolsNamedBy } from './ceiling.ts'
import { splitFrontmatter } from './frontmatter.ts'
import type { Release } from './release.ts'
import { decode } from './text.ts'
import { readYaml } from './yaml.ts'

/** A tool, and the file of a release that names it. */
export interface NamedTool {
  readonly tool: string
  readonly file: string
}

const SKILL = 'SKILL.md'
/** Stands for what nobody can tell. */
const ANY = '*'

/** The first tool that a release gives to its agents, or would have a reader of its skills allow, and that is none of these. */
export function toolBeyond(release: Release, allowed: ReadonlySet<string>): NamedTool | undefined {
  for (const named of toolsIn(release)) if (!allowed.has(named.tool)) return named
  return undefined
}

/** Says of a tool that it is none of the allowed ones; goes on a sentence about its release. */
export function tellBeyond({ tool, file }: NamedTool, allowed: ReadonlySet<string>): string {
  const expected = [...allowed].join(', ') || 'no tool at all'
  return `its ${file} names the tool "${tool}", expected ${expected}, as ${CEILING_PATH} of the default branch allows`
}

function* toolsIn({ index, artifacts }: Release): Iterable<NamedTool> {
  const readers = [
    [index.agents, toolsOfPrompt],
    [index.skills, toolsOfArchive],
    [index.bundles, toolsOfBundle],
  ] as const
  for (const [refs, read] of readers) {
    for (const { file } of refs)
      for (const tool of legible(read, artifacts.get(file)?.bytes)) yield { tool, file }
  }
}

/** What cannot be read may name anything. */
function legible(read: (bytes: Uint8Array) => readonly string[], bytes: Uint8Array | undefined) {
  try {
    return bytes === undefined ? [ANY] : read(bytes)
  } catch {
    return [ANY]
  }
}

function toolsOfPrompt(bytes: Uint8Array): readonly string[] {
  return parsePrompt(new TextDecoder().decode(bytes)).allowedTools
}

function toolsOfArchive(bytes: Uint8Array): readonly string[] {
  const { [SKILL]: skill } = unzipSync(bytes, { filter: ({ name }) => name === SKILL })
  return skill === undefined ? [] : toolsOfSkill(skill)
}

function toolsOfBundle(bytes: Uint8Array): readonly string[] {
  const { variants } = skillBundleSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return Object.values(variants).flatMap(({ [SKILL]: text }) =>
    text === undefined ? [] : toolsOfSkill(new TextEncoder().encode(text)),
  )
}

function toolsOfSkill(bytes: Uint8Array): readonly string[] {
  const quiet = () => undefined
  const text = decode({ path: SKILL, bytes }, quiet)
  const split = text && splitFrontmatter(text, 'optional', quiet)
  if (text === undefined || split === undefined) return [ANY]
  if (split.matter === undefined) return []
  const data = readYaml(text, { text: split.matter, offset: split.matterOffset }, quiet)?.data
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [ANY]
  const { 'allowed-tools': written } = data as { readonly 'allowed-tools'?: unknown }
  if (written === undefined) return []
  return typeof written === 'string' ? toolsNamedBy(written) : [ANY]
}
