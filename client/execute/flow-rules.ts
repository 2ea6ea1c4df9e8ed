import type { Registry } from '../prompts/registry.ts'
import type { FlowRules } from '../queue/guards.ts'

const MAX_DEPTH = 5

/** What the prompts of a flow allow to be queued. */
export function flowRules(
  { prompts }: Registry,
  { models, maxTasks }: Pick<FlowRules, 'models' | 'maxTasks'>,
): FlowRules {
  return {
    types: new Map(
      [...prompts].map(([type, { sink = false, runnerSeeded = false, dependsOn }]) => [
        type,
        { sink, runnerSeeded, dependsOn },
      ]),
    ),
    models,
    maxTasks,
    maxDepth: MAX_DEPTH,
  }
}
