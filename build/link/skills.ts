import { didYouMean } from '../../schemas/suggest.ts'
import type { Prompt } from '../expanded.ts'
import { errorAt, type Finding, quote, type Report } from '../finding.ts'

/** What a client knows of a skill when it resolves a name. */
export interface SkillFace {
  readonly id: string
  /** Group key with its slashes; the name of a plain skill. */
  readonly group: string
  readonly framework: string | undefined
}

/** What the names in a prompt's `skills` may mean. */
export interface SkillNames {
  readonly byId: ReadonlyMap<string, readonly SkillFace[]>
  /** By the dashed key of the group. */
  readonly byGroup: ReadonlyMap<string, readonly SkillFace[]>
  /** Names of which a part could not be read: no finding is made of them. */
  readonly unread: ReadonlySet<string>
}

/**
 * Tells every skill name of a flow that a client could not resolve: for a name it takes the skill of that id,
 * else the one of that group for the framework it has detected. One name that resolves to nothing ends its run.
 */
export function checkSkills(prompts: readonly Prompt[], names: SkillNames, report: Report): void {
  const uses = prompts.flatMap((prompt) => useOf(prompt, names))
  const served = new Map<string, Use>()
  for (const use of uses)
    for (const framework of use.frameworks) if (!served.has(framework)) served.set(framework, use)
  for (const use of uses) {
    if (names.unread.has(use.name) || [...names.unread].some((group) => use.name.startsWith(`${group}-`)))
      continue
    const problem = problemOf(use, { served, names })
    if (problem === undefined) continue
    report(errorAt({ path: use.prompt.path, ...use.prompt.yaml.valueAt(['skills', use.at]) }, problem))
  }
}

interface Use {
  readonly prompt: Prompt
  readonly at: number
  readonly name: string
  /** The skill of that very id serves whatever framework there is. */
  readonly exact: boolean
  readonly known: boolean
  readonly frameworks: readonly string[]
}

function useOf(prompt: Prompt, { byId, byGroup }: SkillNames): Use[] {
  return (prompt.frontmatter.skills ?? []).map((name, at) => {
    const exact = byId.get(name) ?? []
    const group = byGroup.get(name) ?? []
    const frameworks = (exact.length > 0 ? exact : group).flatMap(({ framework }) => framework ?? [])
    return { prompt, at, name, exact: exact.length > 0, known: exact.length + group.length > 0, frameworks }
  })
}

function problemOf(
  use: Use,
  { served, names }: { readonly served: ReadonlyMap<string, Use>; readonly names: SkillNames },
): Finding | undefined {
  if (!use.known) {
    const known = new Set([...names.byId.keys(), ...names.byGroup.keys()])
    const message = `Cannot find the skill ${quote(use.name)}: expected the id of a skill or of a group`
    return { code: 'link/unknown-skill', message, fix: didYouMean(use.name, known) }
  }
  if (use.exact) return undefined
  if (use.frameworks.length === 0) {
    const message = `Cannot resolve the group ${quote(use.name)}: no variant of it has a framework, expected one, or the id of a variant`
    return { code: 'link/skill-framework', message }
  }
  const missing = [...served.keys()].filter((framework) => !use.frameworks.includes(framework)).sort()
  if (missing.length === 0) return undefined
  const others = missing.map((framework) => {
    const other = served.get(framework)
    return `${quote(other?.name)} of the prompt ${quote(other?.prompt.type)} serves ${quote(framework)}`
  })
  const message = `Cannot resolve the skill ${quote(use.name)} for ${missing.map(quote).join(', ')}: it serves ${[...use.frameworks].sort().map(quote).join(', ')}, but ${others.join(' and ')}, expected a variant for each framework of the flow`
  return { code: 'link/skill-framework', message }
}
