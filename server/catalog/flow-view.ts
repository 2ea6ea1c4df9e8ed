import type { PromptBudget } from '../../build/budget/budget.ts'
import { type FlowTasks, waitsFor, waves } from '../../build/graph/flow.ts'
import { type LongestPath, longestPath } from '../../build/graph/longest-path.ts'
import { marksOf, modelsOf } from '../../build/graph/words.ts'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import type { ReleaseIndex } from '../../schemas/release.ts'

/** A skill as a prompt names it, and the skills that the name can mean. */
export interface NamedSkill {
  readonly name: string
  readonly skills: readonly string[]
}

/** One agent prompt, without its text. */
export interface AgentView {
  readonly type: string
  readonly label: string | null
  /** `seed`, `sink`, `queued by the runner`. */
  readonly marks: readonly string[]
  readonly models: readonly string[]
  readonly effort: string | null
  readonly tools: readonly string[]
  readonly denied: readonly string[]
  readonly dependsOn: readonly string[]
  readonly skills: readonly NamedSkill[]
  readonly file: string
  readonly size: number
  readonly digest: string
  readonly tokens: Omit<PromptBudget, 'flow' | 'type'>
}

/** One flow: its prompts, and the order in which its tasks can start. */
export interface FlowView {
  readonly flow: string
  readonly agents: readonly AgentView[]
  /** Task types by wave. */
  readonly waves: readonly (readonly string[])[]
  /** Pairs: the second waits for the first. */
  readonly arrows: readonly (readonly [string, string])[]
  readonly longest: LongestPath | null
}

/** What flows are told from. */
export interface FlowSources {
  readonly index: ReleaseIndex
  readonly budgets: readonly PromptBudget[]
  /** Skills that a name in a prompt can mean. */
  readonly meaning: (name: string) => readonly string[]
}

/** A flow as the catalog shows it. */
export function flowView(flow: FlowTasks, sources: FlowSources): FlowView {
  const arrows = [...waitsFor(flow)].flatMap(([type, before]) =>
    before.map((one): [string, string] => [one, type]),
  )
  const ordered = waves(flow)
  return {
    flow: flow.name,
    agents: ordered.flat().flatMap((prompt) => agentView(prompt, flow.name, sources)),
    waves: ordered.map((wave) => wave.map(({ type }) => type)),
    arrows,
    longest: longestPath(flow) ?? null,
  }
}

function agentView(prompt: AgentPrompt, flow: string, { index, budgets, meaning }: FlowSources): AgentView[] {
  const record = index.agents.find((agent) => agent.flow === flow && agent.type === prompt.type)
  const budget = budgets.find((one) => one.flow === flow && one.type === prompt.type)
  if (record === undefined || budget === undefined) return []
  const { prompt: own, contract, pointers, total, reads } = budget
  return [
    {
      type: prompt.type,
      label: prompt.label ?? null,
      marks: marksOf(prompt),
      models: modelsOf(prompt),
      effort: prompt.effort ?? null,
      tools: prompt.allowedTools,
      denied: prompt.disallowedTools,
      dependsOn: prompt.dependsOn,
      skills: prompt.skills.map((name) => ({ name, skills: meaning(name) })),
      file: record.file,
      size: record.size,
      digest: record.digest,
      tokens: { prompt: own, contract, pointers, total, reads },
    },
  ]
}
