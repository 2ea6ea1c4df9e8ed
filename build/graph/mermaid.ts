import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { type FlowTasks, waitsFor, waves } from './flow.ts'
import { longestPath } from './longest-path.ts'
import { costOf, marksOf, modelsOf, pathLines } from './words.ts'

/** A flow as a Mermaid diagram; the longest path has thick arrows. */
export function graphMermaid(flow: FlowTasks): string {
  const path = longestPath(flow)
  const steps = new Set(path?.types.slice(1).map((type, at) => `${path.types[at]} ${type}`))
  const nodes = waves(flow).flat()
  const arrows = [...waitsFor(flow)].flatMap(([type, before]) =>
    before.map((one) => `  ${nodeOf(one)} ${steps.has(`${one} ${type}`) ? '==>' : '-->'} ${nodeOf(type)}`),
  )
  const told = path === undefined ? [] : pathLines(path).map((line) => `  %% ${line}`)
  const boxes = nodes.map((prompt) => `  ${nodeOf(prompt.type)}["${labelOf(prompt, flow)}"]`)
  return ['flowchart TD', `  %% ${flow.name}`, ...told, ...boxes, ...arrows, ''].join('\n')
}

/** Words such as "end" mean something to Mermaid, and so does a dash. */
function nodeOf(type: string): string {
  return `t_${type.replaceAll('-', '_2d_')}`
}

function labelOf(prompt: AgentPrompt, flow: FlowTasks): string {
  const tools = `tools: ${prompt.allowedTools.join(', ') || 'none'}`
  return [
    [prompt.type, ...marksOf(prompt).map((mark) => `(${mark})`)].join(' '),
    ...modelsOf(prompt),
    tools,
    costOf(prompt, flow),
  ].join('<br/>')
}
