import type { Registry } from '../prompts/registry.ts'
import type { FlowRules } from '../queue/guards.ts'

const MAX_DEPTH = 5

/** What the prompts of a flow allow to be queued. */
export function flowRules({ prompts, seed }: Registry, maxTasks: number): FlowRules {
  const named = [seed, ...prompts.values()].flatMap(({ model, model_sdk, model_pi }) => [
    model,
    model_sdk,
    model_pi,
  ])
  return {
    types: new Map(
      [...prompts].map(([type, { sink = false, runnerSeeded = false, dependsOn }]) => [
        type,
        { sink, runnerSeeded, dependsOn },
      ]),
    ),
    models: new Set(named.filter((model) => model !== undefined)),
    maxTasks,
    maxDepth: MAX_DEPTH,
  }
}
