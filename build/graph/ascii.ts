import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { type FlowTasks, waves } from './flow.ts'
import { longestPath } from './longest-path.ts'
import { costOf, marksOf, modelsOf, pathLines, UNITS } from './words.ts'
import { wrap } from './wrap.ts'

/** Characters of a line. */
const WIDTH = 80

/** A flow as plain text; what is on its longest path is marked. */
export function graphAscii(flow: FlowTasks): string {
  const path = longestPath(flow)
  const onPath = new Set(path?.types)
  const lines = waves(flow).flatMap((wave, at) => [
    '',
    `wave ${at + 1}`,
    ...wave.flatMap((prompt) => taskLines(prompt, flow, onPath.has(prompt.type))),
  ])
  const told = path === undefined ? [] : [...pathLines(path), `"*" marks the longest path. ${UNITS}`]
  return `${[flow.name, ...lines, '', ...told.flatMap((text) => block(text, ''))].join('\n')}\n`
}

function taskLines(prompt: AgentPrompt, flow: FlowTasks, marked: boolean): string[] {
  const marks = marksOf(prompt)
  const list = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : block(`${name} ${values.join(', ')}`, '      ')
  return [
    `  ${marked ? '*' : '-'} ${prompt.type}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`,
    ...list('after', prompt.dependsOn),
    ...list('models', modelsOf(prompt)),
    ...list('tools', prompt.allowedTools.length === 0 ? ['none'] : prompt.allowedTools),
    ...list('skills', prompt.skills),
    ...block(costOf(prompt, flow), '      '),
  ]
}

/** A text that goes on indented where it is too long. */
function block(text: string, indent: string): string[] {
  return wrap(text, WIDTH - indent.length - 2).map((line, at) => indent + (at === 0 ? line : `  ${line}`))
}
