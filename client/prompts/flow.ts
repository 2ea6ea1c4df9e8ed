import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { CommandError } from '../../schemas/cli.ts'

/** The prompts of one flow, whose every name means exactly one thing. */
export interface FlowPrompts {
  readonly seed: AgentPrompt
  /** Every prompt but the seed, by task type. */
  readonly prompts: ReadonlyMap<string, AgentPrompt>
}

/**
 * Cross-checks the prompts of a flow once, so that a run cannot meet a broken one half way.
 * @throws {CommandError} `run/flow-invalid` naming every problem
 */
export function checkFlow(flow: string, prompts: readonly AgentPrompt[]): FlowPrompts {
  const problems = [...rolesOf(flow, prompts), ...dependenciesOf(prompts)]
  const seed = prompts.find((prompt) => prompt.seed)
  if (seed !== undefined && problems.length === 0) {
    const others = prompts.filter((prompt) => prompt !== seed)
    return { seed, prompts: new Map(others.map((prompt) => [prompt.type, prompt])) }
  }
  throw new CommandError('run/flow-invalid', `Cannot run flow "${flow}": ${problems.join('; ')}`)
}

function rolesOf(flow: string, prompts: readonly AgentPrompt[]): string[] {
  const seeds = prompts.filter((prompt) => prompt.seed)
  const sinks = prompts.filter((prompt) => prompt.sink)
  const problems = prompts
    .filter((prompt) => prompt.flow !== flow)
    .map((prompt) => `prompt "${prompt.type}" says it belongs to flow "${prompt.flow}"`)
  if (seeds.length !== 1) problems.push(`expected exactly one seed, found ${quoted(seeds)}`)
  if (sinks.length > 1) problems.push(`expected at most one sink, found ${quoted(sinks)}`)
  if (sinks.some((prompt) => prompt.seed)) problems.push(`${quoted(sinks)} is seed and sink`)
  const early = prompts.filter((prompt) => prompt.runnerSeeded)
  if (early.length > 0 && sinks.length === 0) {
    problems.push(`expected a sink, since ${quoted(early)} is queued by the runner`)
  }
  return problems
}

function dependenciesOf(prompts: readonly AgentPrompt[]): string[] {
  const known = new Set(prompts.filter((prompt) => !prompt.seed).map((prompt) => prompt.type))
  const unknown = prompts.flatMap((prompt) =>
    prompt.dependsOn
      .filter((type) => !known.has(type))
      .map((type) => `"${prompt.type}" depends on "${type}", expected one of ${[...known].join(', ')}`),
  )
  const circle = unknown.length === 0 ? circleOf(prompts) : []
  return circle.length === 0 ? unknown : [`${quoted(circle)} depend on each other in a circle`]
}

/** What is left when prompts whose dependencies are all met are taken away, again and again. */
function circleOf(prompts: readonly AgentPrompt[]): readonly AgentPrompt[] {
  let left = prompts
  for (;;) {
    const types = new Set(left.map((prompt) => prompt.type))
    const stuck = left.filter((prompt) => prompt.dependsOn.some((type) => types.has(type)))
    if (stuck.length === left.length) return stuck
    left = stuck
  }
}

function quoted(prompts: readonly AgentPrompt[]): string {
  return prompts.map((prompt) => `"${prompt.type}"`).join(', ') || 'none'
}
