import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { budgetOf } from '../budget/budget.ts'
import type { Release } from '../release.ts'

/** A flow as a release serves it. */
export interface FlowTasks {
  readonly name: string
  readonly prompts: readonly AgentPrompt[]
  /** Estimated tokens that a task starts with, by type. */
  readonly tokens: ReadonlyMap<string, number>
}

/** The flows of a release, read back from the served prompts. */
export function flowTasks(release: Release, { prompts } = budgetOf(release)): FlowTasks[] {
  const { index, artifacts } = release
  return index.flows.map(({ flow }) => ({
    name: flow,
    prompts: index.agents
      .filter((agent) => agent.flow === flow)
      .flatMap(({ file }) => artifacts.get(file) ?? [])
      .map(({ bytes }) => parsePrompt(new TextDecoder().decode(bytes))),
    tokens: new Map(prompts.filter((one) => one.flow === flow).map(({ type, total }) => [type, total])),
  }))
}

/** Task types in the order in which they can start: each wave waits for the ones before it. The sink is last, the seed first. */
export function waves({ prompts }: Pick<FlowTasks, 'prompts'>): AgentPrompt[][] {
  const seed = prompts.filter((prompt) => prompt.seed === true)
  const sink = prompts.filter(isSink)
  const levels: AgentPrompt[][] = []
  const placed = new Set(seed.map(({ type }) => type))
  let rest = prompts.filter((prompt) => prompt.seed !== true && prompt.sink !== true)
  while (rest.length > 0) {
    const wave = rest.filter(({ dependsOn }) =>
      dependsOn.every((type) => placed.has(type) || sink.some((prompt) => prompt.type === type)),
    )
    // A circle cannot come out of a sound release; without this line one would never end.
    if (wave.length === 0) break
    levels.push(wave)
    for (const { type } of wave) placed.add(type)
    rest = rest.filter((prompt) => !wave.includes(prompt))
  }
  return [seed, ...levels, sink].filter((wave) => wave.length > 0)
}

/** Type → the types it waits for, those left out that are waited for anyway. What waits for nothing waits for the plan. */
export function waitsFor(flow: Pick<FlowTasks, 'prompts'>): ReadonlyMap<string, readonly string[]> {
  const before = new Map<string, ReadonlySet<string>>()
  const direct = new Map<string, readonly string[]>()
  const seeds = flow.prompts.filter(({ seed }) => seed === true).map(({ type }) => type)
  for (const prompt of waves(flow).flat()) {
    const named = namedBy(prompt, { seeds, earlier: [...before.keys()] })
    const implied = new Set(named.flatMap((type) => [...(before.get(type) ?? [])]))
    direct.set(
      prompt.type,
      named.filter((type) => !implied.has(type)),
    )
    before.set(prompt.type, new Set([...named, ...implied]))
  }
  return direct
}

function namedBy(
  prompt: AgentPrompt,
  { seeds, earlier }: { readonly seeds: readonly string[]; readonly earlier: readonly string[] },
): readonly string[] {
  if (prompt.seed === true) return []
  if (isSink(prompt)) return earlier
  const named = prompt.dependsOn.filter((type) => earlier.includes(type))
  return named.length === 0 ? seeds : named
}

function isSink({ seed, sink }: AgentPrompt): boolean {
  return sink === true && seed !== true
}
