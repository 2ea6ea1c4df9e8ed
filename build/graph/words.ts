import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import type { FlowTasks } from './flow.ts'
import { dearestModel, type LongestPath } from './longest-path.ts'

/** What a task is besides a task. */
export function marksOf({ seed, sink, runnerSeeded }: AgentPrompt): string[] {
  return [
    ...(seed === true ? ['seed'] : []),
    ...(sink === true ? ['sink'] : []),
    ...(runnerSeeded === true ? ['queued by the runner'] : []),
  ]
}

/** Every model of a task, with the profile it is for. */
export function modelsOf({ model, model_pi, model_sdk }: AgentPrompt): string[] {
  return [
    ...(model === undefined ? [] : [model]),
    ...(model_pi === undefined ? [] : [`pi ${model_pi}`]),
    ...(model_sdk === undefined || model_sdk === model ? [] : [`sdk ${model_sdk}`]),
  ]
}

/** `≈ 423 tokens × tier 1` */
export function costOf(prompt: AgentPrompt, { tokens }: FlowTasks): string {
  const { tier, known } = dearestModel(prompt)
  return `≈ ${number(tokens.get(prompt.type) ?? 0)} tokens × tier ${tier}${known ? '' : '?'}`
}

/** What the longest path comes to, a sentence a line. */
export function pathLines({ types, tokens, units, dearest }: LongestPath): string[] {
  const tier = dearest.known ? `tier ${dearest.tier}` : `tier unknown, counted as ${dearest.tier}`
  return [
    `longest path: ${types.join(' → ')} (${types.length} task${types.length === 1 ? '' : 's'})`,
    `its cost: ≈ ${number(tokens)} prompt tokens, ${number(units)} units (tokens × tier of the dearest model)`,
    `dearest model on it: ${dearest.model} (${tier}), first in ${dearest.type}`,
  ]
}

/** What the figures mean. */
export const UNITS =
  'Tokens are estimates of what a task starts with: prompt, contract, pointers. Tiers: 1 small, 2 middling, 3 large models.'

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
