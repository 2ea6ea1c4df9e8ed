import type { AgentPrompt } from '../schemas/agent-prompt.ts'
import { parsePrompt } from '../schemas/flat-prompt.ts'
import type { Release } from './release.ts'

/** A flow as a release serves it. */
export interface FlowTasks {
  readonly name: string
  readonly prompts: readonly AgentPrompt[]
}

/** The flows of a release, read back from the served prompts. */
export function flowTasks({ index, artifacts }: Release): FlowTasks[] {
  return index.flows.map(({ flow }) => ({
    name: flow,
    prompts: index.agents
      .filter((agent) => agent.flow === flow)
      .flatMap(({ file }) => artifacts.get(file) ?? [])
      .map(({ bytes }) => parsePrompt(new TextDecoder().decode(bytes))),
  }))
}

/** Task types in the order in which they can start: each wave waits for the ones before it. The sink is last, the seed first. */
function waves({ prompts }: FlowTasks): AgentPrompt[][] {
  const seed = prompts.filter((prompt) => prompt.seed === true)
  const sink = prompts.filter((prompt) => prompt.sink === true && prompt.seed !== true)
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

/** A flow as plain text. */
export function graphAscii(flow: FlowTasks): string {
  const lines = waves(flow).flatMap((wave, at) => [
    `  wave ${at + 1}`,
    ...wave.flatMap((prompt) => [
      `    ${prompt.type}${marks(prompt)}`,
      ...details(prompt).map((line) => `      ${line}`),
    ]),
  ])
  return [flow.name, ...lines, ''].join('\n')
}

/** A flow as a Mermaid diagram. */
export function graphMermaid(flow: FlowTasks): string {
  const levels = waves(flow)
  const node = (type: string) => `t_${type.replaceAll('-', '_2d_')}`
  const nodes = levels.flatMap((wave) =>
    wave.map((prompt) => `  ${node(prompt.type)}["${[prompt.type, ...details(prompt)].join('<br/>')}"]`),
  )
  const planned = (prompt: AgentPrompt) => (prompt.dependsOn.length === 0 ? seedsOf(flow) : prompt.dependsOn)
  const arrows = levels.flatMap((wave) =>
    wave
      .filter((prompt) => prompt.seed !== true)
      .flatMap((prompt) => planned(prompt).map((type) => `  ${node(type)} --> ${node(prompt.type)}`)),
  )
  return ['flowchart TD', `  %% ${flow.name}`, ...nodes, ...arrows, ''].join('\n')
}

function seedsOf({ prompts }: FlowTasks): string[] {
  return prompts.filter((prompt) => prompt.seed === true).map(({ type }) => type)
}

function marks({ seed, sink, runnerSeeded, dependsOn }: AgentPrompt): string {
  const words = [
    ...(seed === true ? ['seed'] : []),
    ...(sink === true ? ['sink'] : []),
    ...(runnerSeeded === true ? ['queued by the runner'] : []),
    ...(dependsOn.length > 0 ? [`after ${dependsOn.join(', ')}`] : []),
  ]
  return words.length === 0 ? '' : `  (${words.join('; ')})`
}

function details(prompt: AgentPrompt): string[] {
  const models = [
    prompt.model === undefined ? [] : prompt.model,
    prompt.model_pi === undefined ? [] : `pi ${prompt.model_pi}`,
    prompt.model_sdk === undefined ? [] : `sdk ${prompt.model_sdk}`,
  ].flat()
  return [
    `models: ${models.join(', ')}`,
    `tools: ${prompt.allowedTools.join(', ') || 'none'}`,
    ...(prompt.skills.length === 0 ? [] : [`skills: ${prompt.skills.join(', ')}`]),
  ]
}
