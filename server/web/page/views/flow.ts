import type { LongestPath } from '../../../../build/graph/longest-path.ts'
import type { AgentView, FlowView } from '../../../catalog/flow-view.ts'
import { h } from '../element.ts'
import type { Scene } from '../scene.ts'
import { count, grouped } from '../words.ts'
import { flowPicture } from './flow-picture.ts'
import { badge, heading, link, notice, table } from './parts.ts'

/** One flow: its picture, what its longest path costs, and its tasks as a table. */
export function flowView(scene: Scene, channel: string, flow: FlowView | undefined): HTMLElement {
  if (flow === undefined) return notice('warning', 'There is no such flow in this release')
  return h(
    'article',
    {},
    heading(h('code', {}, flow.flow), badge('plain', 'flow')),
    picture(scene, channel, flow),
    h('h2', {}, 'Tasks'),
    taskTable(channel, flow),
  )
}

/** The picture of a flow, and a line on its longest path. */
export function picture(scene: Scene, channel: string, flow: FlowView): HTMLElement {
  return h(
    'figure',
    { class: 'picture' },
    h('div', { class: 'scroll' }, flowPicture(flow, { channel, width: scene.width })),
    flow.longest && h('figcaption', {}, pathWords(flow.longest)),
  )
}

function pathWords({ types, tokens, dearest }: LongestPath): string {
  return `Longest path: ${types.join(' → ')}. ${count(types.length, 'task')}, ≈ ${grouped(tokens)} prompt tokens, dearest model ${dearest.model}`
}

function taskTable(channel: string, flow: FlowView): HTMLElement {
  const waveOf = new Map(flow.waves.flatMap((wave, at) => wave.map((type) => [type, at + 1] as const)))
  const rows = flow.agents.map((agent) =>
    taskRow(agent, { channel, flow: flow.flow, wave: waveOf.get(agent.type) ?? 0 }),
  )
  const titles = ['Wave', 'Task', 'Models', 'Tools', 'Waits for', 'Skills', 'Tokens']
  return h('div', { class: 'scroll' }, table({}, titles, rows))
}

interface Row {
  readonly channel: string
  readonly flow: string
  readonly wave: number
}

function taskRow(agent: AgentView, { channel, flow, wave }: Row): HTMLElement {
  const to = { view: 'text', channel, kind: 'agent', name: flow, path: agent.type, raw: false } as const
  return h(
    'tr',
    { 'data-key': agent.type },
    h('td', { class: 'number' }, wave),
    h(
      'th',
      { scope: 'row' },
      link(to, {}, h('code', {}, agent.type)),
      agent.marks.map((mark) => badge('plain', mark)),
    ),
    h(
      'td',
      {},
      agent.models.map((model) => h('div', {}, h('code', {}, model))),
    ),
    h('td', {}, agent.tools.join(', ') || '–'),
    h('td', {}, agent.dependsOn.join(', ') || '–'),
    h('td', {}, agent.skills.map(({ name }) => name).join(', ') || '–'),
    h('td', { class: 'number' }, grouped(agent.tokens.total)),
  )
}
