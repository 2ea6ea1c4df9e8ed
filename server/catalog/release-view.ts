import { budgetOf, type SkillBudget } from '../../build/budget/budget.ts'
import { meantBy, type ServedSkill, servedSkills } from '../../build/budget/served-skills.ts'
import { flowTasks } from '../../build/graph/flow.ts'
import type { Release } from '../../build/release.ts'
import type { Estimate } from '../../build/tokens.ts'
import { textOf } from '../../build/unpack.ts'
import { dashed } from '../../schemas/ids.ts'
import type { ReleaseIndex } from '../../schemas/release.ts'
import { rememberedEstimates } from './estimates.ts'
import { type FlowView, flowView } from './flow-view.ts'

/** One file of a skill; `tokens` is null for what is no text. */
export interface SkillFileView {
  readonly path: string
  readonly size: number
  readonly tokens: number | null
}

/** One skill, without its texts. */
export interface SkillView {
  readonly id: string
  /** Name of its group, as prompts write it; skills of one group are variants of each other. */
  readonly group: string
  readonly description: string
  readonly framework: string | null
  readonly isDefault: boolean
  readonly tags: readonly string[]
  /** Artifact it is served in; a bundle holds all variants of a group. */
  readonly file: string
  readonly bundled: boolean
  readonly size: number
  readonly digest: string
  readonly tokens: Omit<SkillBudget, 'skill'>
  readonly files: readonly SkillFileView[]
  /** Command that shows it in the command line of clients. */
  readonly command: string | null
  /** `<flow>/<type>` of the prompts whose skills can mean this one. */
  readonly usedBy: readonly string[]
}

/** A document of the manifest. */
export interface DocView {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly file: string | null
}

/** A release as the catalog shows it: everything but texts. */
export interface ReleaseView {
  readonly release: string
  readonly flows: readonly FlowView[]
  readonly skills: readonly SkillView[]
  readonly docs: readonly DocView[]
  readonly artifacts: number
  /** Bytes of all artifacts. */
  readonly size: number
}

/** Tells what a release holds. Unpacks every skill once, and estimates the tokens of each text. */
export function releaseView(release: Release, estimate = rememberedEstimates()): ReleaseView {
  const { index, artifacts } = release
  const served = servedSkills(release)
  const budget = budgetOf(release, { served, estimate })
  const meaning = (name: string) => meantBy(name, served).map(({ id }) => id)
  const flows = flowTasks(release, budget).map((flow) =>
    flowView(flow, { index, budgets: budget.prompts, meaning }),
  )
  const budgets = new Map(budget.skills.map((one) => [one.skill, one]))
  const users = usersOf(flows)
  return {
    release: release.id,
    flows,
    skills: served.flatMap((skill) => {
      const tokens = budgets.get(skill.id)
      const record = recordOf(skill, index)
      if (tokens === undefined || record === undefined) return []
      return {
        id: skill.id,
        group: skill.group,
        ...record,
        tokens: { main: tokens.main, references: tokens.references, total: tokens.total },
        files: filesOf(skill, estimate),
        command: commandOf(skill.id, index),
        usedBy: users.get(skill.id) ?? [],
      }
    }),
    docs: (index.docs ?? []).map(({ id, displayName, description, asset }) => {
      return { id, name: displayName, description, file: asset?.file ?? null }
    }),
    artifacts: artifacts.size,
    size: [...artifacts.values()].reduce((sum, { bytes }) => sum + bytes.length, 0),
  }
}

function usersOf(flows: readonly FlowView[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>()
  for (const { flow, agents } of flows) {
    for (const { type, skills } of agents) {
      for (const skill of new Set(skills.flatMap((named) => named.skills))) {
        users.set(skill, [...(users.get(skill) ?? []), `${flow}/${type}`])
      }
    }
  }
  return users
}

type Recorded = Pick<
  SkillView,
  'description' | 'framework' | 'isDefault' | 'tags' | 'file' | 'bundled' | 'size' | 'digest'
>

function recordOf({ id, group }: ServedSkill, { skills, bundles }: ReleaseIndex): Recorded | undefined {
  const alone = skills.find((skill) => skill.id === id)
  if (alone !== undefined) {
    const { description, tags, file, size, digest, framework } = alone
    const isDefault = alone.default === true
    return { description, framework: framework ?? null, isDefault, tags, file, bundled: false, size, digest }
  }
  const bundle = bundles.find(({ category }) => dashed(category) === group)
  if (bundle === undefined) return undefined
  const variant = bundle.variants.find((one) => `${group}-${one.id}` === id)
  const { description, file, size, digest } = bundle
  const [framework, isDefault] = [variant?.framework ?? null, variant?.default === true]
  return { description, framework, isDefault, tags: [], file, bundled: true, size, digest }
}

function filesOf({ files }: ServedSkill, estimate: Estimate): SkillFileView[] {
  return [...files].map(([path, bytes]) => {
    const text = textOf(bytes)
    return { path, size: bytes.length, tokens: text === undefined ? null : estimate(text) }
  })
}

function commandOf(id: string, { cliEntries }: ReleaseIndex): string | null {
  const entry = cliEntries.find(({ skillId, role }) => skillId === id && role === 'command')
  return entry === undefined ? null : [entry.parentCommand, entry.command].filter(Boolean).join(' ')
}
