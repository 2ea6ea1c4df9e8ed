import type { Rectangle } from '../../../../build/graph/route.ts'
import { wrap } from '../../../../build/graph/wrap.ts'
import type { AgentView, FlowView } from '../../../catalog/flow-view.ts'
import { tokens } from '../words.ts'

/** Pixels; letters are those of the monospaced font at the size that the style gives them. */
const LETTER = 6.7
export const LINE = 16
export const PADDING = 10
const NARROW = 224
const WIDE = 300
const GAP = { across: 30, down: 40 }
const MARGIN = 20
const MAX_COLUMNS = 5

/** A task of a picture. */
export interface Box extends Rectangle {
  readonly agent: AgentView
  readonly lines: readonly Line[]
}

/** One line of a box. */
export interface Line {
  readonly text: string
  readonly style: 'name' | 'plain' | 'quiet'
}

/** Where everything of a picture stands. */
export interface Layout {
  readonly boxes: readonly Box[]
  /** The name of each wave, above its first row. */
  readonly waves: readonly { readonly x: number; readonly y: number; readonly text: string }[]
  readonly width: number
  readonly height: number
}

/** Places the tasks of a flow, a row a wave; a wave too wide for the room goes on below. */
export function layoutOf({ waves, agents }: FlowView, room: number): Layout {
  const { columns, width } = gridFor(room)
  const widest = Math.min(columns, Math.max(1, ...waves.map((wave) => wave.length)))
  const across = 2 * MARGIN + widest * (width + GAP.across) - GAP.across
  const boxes: Box[] = []
  const labels: Layout['waves'][number][] = []
  let y = MARGIN
  for (const [number, wave] of waves.entries()) {
    labels.push({ x: MARGIN, y: y - 6, text: `wave ${number + 1}` })
    for (let first = 0; first < wave.length; first += columns) {
      const types = wave.slice(first, first + columns)
      const row = agents.filter(({ type }) => types.includes(type))
      const texts = row.map((agent) => linesOf(agent, width))
      const height = Math.max(1, ...texts.map((lines) => lines.length)) * LINE + 2 * PADDING
      const left = (across - row.length * (width + GAP.across) + GAP.across) / 2
      for (const [at, agent] of row.entries()) {
        const x = left + at * (width + GAP.across)
        boxes.push({ agent, x, y, width, height, lines: texts[at] ?? [] })
      }
      y += height + GAP.down
    }
  }
  return { boxes, waves: labels, width: across, height: y - GAP.down + MARGIN }
}

/** As many columns as there is room for; one alone may be wider. */
function gridFor(room: number): { readonly columns: number; readonly width: number } {
  const fitting = Math.floor((room - 2 * MARGIN + GAP.across) / (NARROW + GAP.across))
  if (fitting > 1) return { columns: Math.min(MAX_COLUMNS, fitting), width: NARROW }
  return { columns: 1, width: Math.min(WIDE, Math.max(NARROW, room - 2 * MARGIN)) }
}

function linesOf({ type, marks, models, tools, tokens: budget }: AgentView, width: number): Line[] {
  const letters = Math.floor((width - 2 * PADDING) / LETTER)
  const lines = (text: string, style: Line['style']) =>
    wrap(text, letters).map((part) => ({ text: part, style }))
  return [
    ...lines([type, ...marks.filter((mark) => mark !== type)].join(' · '), 'name'),
    ...models.flatMap((model) => lines(model, 'plain')),
    ...lines(tools.join(', ') || 'no tools', 'quiet'),
    ...lines(tokens(budget.total), 'quiet'),
  ]
}
