import { type Rectangle, route } from '../../../../build/graph/route.ts'
import { wrap } from '../../../../build/graph/wrap.ts'
import type { AgentView, FlowView } from '../../../catalog/flow-view.ts'
import { addressOf } from '../address.ts'
import { s } from '../element.ts'
import { count, tokens } from '../words.ts'

/** Pixels; letters are those of the monospaced font at the size that style.css gives them. */
const LETTER = 6.7
const LINE = 16
const BOX = { width: 214, padding: 10 }
const GAP = { across: 30, down: 40 }
const MARGIN = 20
const COLUMNS = 5

interface Box extends Rectangle {
  readonly agent: AgentView
  readonly lines: readonly Line[]
}

interface Line {
  readonly text: string
  readonly style: 'name' | 'plain' | 'quiet'
}

/** Where a flow is drawn, and how much room there is. */
export interface Canvas {
  readonly channel: string
  readonly width: number
}

/** A flow as a picture: a row a wave, an arrow from each task to those that wait for it. */
export function flowPicture(flow: FlowView, { channel, width }: Canvas): SVGElement {
  const columns = Math.max(
    1,
    Math.min(COLUMNS, Math.floor((width - 2 * MARGIN + GAP.across) / (BOX.width + GAP.across))),
  )
  const { boxes, labels, height, across } = placed(flow, columns)
  const onPath = new Set(flow.longest?.types)
  const byType = new Map(boxes.map((box) => [box.agent.type, box]))
  const rows = [...Map.groupBy(boxes, ({ y }) => y).values()]
  const steps = new Set(flow.longest?.types.slice(1).map((type, at) => `${flow.longest?.types[at]} ${type}`))
  const label = `Flow ${flow.flow}: ${count(flow.agents.length, 'task')} in ${count(flow.waves.length, 'wave')}`
  return s(
    'svg',
    {
      class: 'flow',
      viewBox: `0 0 ${across} ${height}`,
      width: across,
      height,
      role: 'group',
      'aria-label': label,
    },
    labels,
    flow.arrows.map(([before, after]) => {
      const [from, to] = [byType.get(before), byType.get(after)]
      if (from === undefined || to === undefined) return null
      const isStep = steps.has(`${before} ${after}`)
      return s('path', { class: isStep ? 'arrow path' : 'arrow', d: route({ from, to }, rows) + headAt(to) })
    }),
    boxes.map((box) => drawn(box, { flow: flow.flow, channel, isOnPath: onPath.has(box.agent.type) })),
  )
}

function headAt({ x, y, width }: Rectangle): string {
  const tip = x + width / 2
  return `M${tip - 4} ${y - 7}L${tip} ${y}L${tip + 4} ${y - 7}`
}

function placed({ waves, agents }: FlowView, columns: number) {
  const widest = Math.min(columns, Math.max(...waves.map((wave) => wave.length)))
  const across = 2 * MARGIN + widest * (BOX.width + GAP.across) - GAP.across
  const boxes: Box[] = []
  const labels: SVGElement[] = []
  let y = MARGIN
  for (const [number, wave] of waves.entries()) {
    labels.push(s('text', { class: 'quiet wave', x: MARGIN, y: y - 6 }, `wave ${number + 1}`))
    for (let first = 0; first < wave.length; first += columns) {
      const row = wave
        .slice(first, first + columns)
        .flatMap((type) => agents.find((one) => one.type === type) ?? [])
      const texts = row.map(linesOf)
      const height = Math.max(...texts.map((lines) => lines.length)) * LINE + 2 * BOX.padding
      const used = row.length * (BOX.width + GAP.across) - GAP.across
      for (const [at, agent] of row.entries()) {
        const x = (across - used) / 2 + at * (BOX.width + GAP.across)
        boxes.push({ agent, x, y, width: BOX.width, height, lines: texts[at] ?? [] })
      }
      y += height + GAP.down
    }
  }
  return { boxes, labels, across, height: y - GAP.down + MARGIN }
}

const LETTERS = Math.floor((BOX.width - 2 * BOX.padding) / LETTER)

function linesOf({ type, marks, models, tools, tokens: budget }: AgentView): Line[] {
  const lines = (text: string, style: Line['style']) =>
    wrap(text, LETTERS).map((part) => ({ text: part, style }))
  return [
    ...lines(type, 'name'),
    ...marks.flatMap((mark) => lines(mark, 'quiet')),
    ...models.flatMap((model) => lines(model, 'plain')),
    ...lines(tools.join(', ') || 'no tools', 'quiet'),
    ...lines(tokens(budget.total), 'quiet'),
  ]
}

interface Node {
  readonly flow: string
  readonly channel: string
  readonly isOnPath: boolean
}

function drawn({ agent, x, y, width, height, lines }: Box, { flow, channel, isOnPath }: Node): SVGElement {
  const href = addressOf({ view: 'text', channel, kind: 'agent', name: flow, path: agent.type, raw: false })
  return s(
    'a',
    { href, class: 'task', 'data-key': agent.type },
    s('rect', { class: isOnPath ? 'box path' : 'box', x, y, width, height, rx: 6 }),
    lines.map(({ text, style }, at) =>
      s('text', { class: style, x: x + BOX.padding, y: y + BOX.padding + 11 + at * LINE }, text),
    ),
  )
}
