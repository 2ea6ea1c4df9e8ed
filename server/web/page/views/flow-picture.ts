import { type Rectangle, route } from '../../../../build/graph/route.ts'
import type { FlowView } from '../../../catalog/flow-view.ts'
import { addressOf } from '../address.ts'
import { s } from '../element.ts'
import { count } from '../words.ts'
import { type Box, type Layout, LINE, layoutOf, PADDING } from './flow-layout.ts'

/** Where a flow is drawn, and how much room there is. */
export interface Canvas {
  readonly channel: string
  readonly width: number
}

/** A flow as a picture: a row a wave, an arrow from each task to those that wait for it. */
export function flowPicture(flow: FlowView, { channel, width }: Canvas): SVGElement {
  const layout = layoutOf(flow, width)
  const onPath = new Set(flow.longest?.types)
  const label = `Flow ${flow.flow}: ${count(flow.agents.length, 'task')} in ${count(flow.waves.length, 'wave')}`
  return s(
    'svg',
    {
      class: 'flow',
      viewBox: `0 0 ${layout.width} ${layout.height}`,
      width: layout.width,
      height: layout.height,
      role: 'group',
      'aria-label': label,
    },
    arrows(flow, layout),
    layout.waves.map(({ x, y, text }) => s('text', { class: 'quiet wave', x, y }, text)),
    layout.boxes.map((box) => drawn(box, { flow: flow.flow, channel, isOnPath: onPath.has(box.agent.type) })),
  )
}

/** Those of the longest path are drawn last, above the others. */
function arrows({ arrows, longest }: FlowView, { boxes }: Layout): SVGElement[] {
  const byType = new Map(boxes.map((box) => [box.agent.type, box]))
  const rows = [...Map.groupBy(boxes, ({ y }) => y).values()]
  const steps = new Set(longest?.types.slice(1).map((type, at) => `${longest.types[at]} ${type}`))
  const drawn = arrows.flatMap(([before, after]) => {
    const [from, to] = [byType.get(before), byType.get(after)]
    if (from === undefined || to === undefined) return []
    const isStep = steps.has(`${before} ${after}`)
    return { isStep, d: route({ from, to }, rows) + headAt(to) }
  })
  return drawn
    .sort((a, b) => Number(a.isStep) - Number(b.isStep))
    .map(({ isStep, d }) => s('path', { class: isStep ? 'arrow path' : 'arrow', d }))
}

function headAt({ x, y, width }: Rectangle): string {
  const tip = x + width / 2
  return `M${tip - 4} ${y - 7}L${tip} ${y}L${tip + 4} ${y - 7}`
}

interface Task {
  readonly flow: string
  readonly channel: string
  readonly isOnPath: boolean
}

function drawn({ agent, x, y, width, height, lines }: Box, { flow, channel, isOnPath }: Task): SVGElement {
  const href = addressOf({ view: 'text', channel, kind: 'agent', name: flow, path: agent.type, raw: false })
  return s(
    'a',
    { href, class: 'task', 'data-key': agent.type },
    s('rect', { class: isOnPath ? 'box path' : 'box', x, y, width, height, rx: 6 }),
    lines.map(({ text, style }, at) =>
      s('text', { class: style, x: x + PADDING, y: y + PADDING + 11 + at * LINE }, text),
    ),
  )
}
