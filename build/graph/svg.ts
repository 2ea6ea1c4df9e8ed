import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { type FlowTasks, waitsFor, waves } from './flow.ts'
import { longestPath } from './longest-path.ts'
import { type Rectangle, route } from './route.ts'
import { costOf, marksOf, modelsOf, pathLines, UNITS } from './words.ts'
import { wrap } from './wrap.ts'

/** Measures in pixels; letters are those of a monospaced font of 12 px. */
const LETTER = 7.3
const LINE = 17
const BOX = { width: 252, padding: 11 }
const GAP = { across: 26, down: 46 }
const MARGIN = 28
/** Tasks beside one another; a wave with more goes on below. */
const COLUMNS = 5
const LETTERS = Math.floor((BOX.width - 2 * BOX.padding) / LETTER)

interface Line {
  readonly text: string
  readonly style: 'name' | 'plain' | 'quiet'
}

interface Box extends Rectangle {
  readonly type: string
  readonly lines: readonly Line[]
}

/** A flow as a picture that needs nothing beside it and can be read on light and on dark ground. */
export function graphSvg(flow: FlowTasks): string {
  const path = longestPath(flow)
  const onPath = new Set(path?.types)
  const steps = new Set(path?.types.slice(1).map((type, at) => `${path.types[at]} ${type}`))
  const rows = waves(flow).flatMap((wave, at) => rowsOf(wave, `wave ${at + 1}`))
  const width =
    2 * MARGIN + Math.max(2.6, ...rows.map(({ tasks }) => tasks.length)) * (BOX.width + GAP.across)
  const { boxes, labels, bottom } = place(rows, flow, width)
  const notes = [...(path === undefined ? [] : pathLines(path)), UNITS].flatMap((line) =>
    wrap(line, Math.floor((width - 2 * MARGIN) / LETTER)),
  )
  const height = bottom + notes.length * LINE + MARGIN
  const byType = new Map(boxes.map((box) => [box.type, box]))
  const arrows = [...waitsFor(flow)].flatMap(([type, before]) =>
    before.flatMap((one) => arrow([byType.get(one), byType.get(type)], boxes, steps.has(`${one} ${type}`))),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(`Flow ${flow.name}`)}</title>`,
    STYLE,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    text(MARGIN, MARGIN + 6, { text: flow.name, style: 'name' }),
    ...labels,
    ...arrows,
    ...boxes.flatMap((box) => drawn(box, onPath.has(box.type))),
    ...notes.map((line, at) => text(MARGIN, bottom + at * LINE, { text: line, style: 'quiet' })),
    '</svg>',
    '',
  ].join('\n')
}

interface Row {
  readonly label: string
  readonly tasks: readonly AgentPrompt[]
}

function rowsOf(wave: readonly AgentPrompt[], label: string): Row[] {
  const count = Math.ceil(wave.length / COLUMNS)
  return Array.from({ length: count }, (_, at) => ({
    label: at === 0 ? label : '',
    tasks: wave.slice(at * COLUMNS, (at + 1) * COLUMNS),
  }))
}

function place(rows: readonly Row[], flow: FlowTasks, width: number) {
  const boxes: Box[] = []
  const labels: string[] = []
  let y = MARGIN + 34
  for (const { label, tasks } of rows) {
    const texts = tasks.map((prompt) => linesOf(prompt, flow))
    const height = Math.max(...texts.map((lines) => lines.length)) * LINE + 2 * BOX.padding
    const used = tasks.length * (BOX.width + GAP.across) - GAP.across
    labels.push(text(MARGIN, y - 8, { text: label, style: 'quiet' }))
    for (const [at, { type }] of tasks.entries()) {
      const x = (width - used) / 2 + at * (BOX.width + GAP.across)
      boxes.push({ type, x, y, width: BOX.width, height, lines: texts[at] ?? [] })
    }
    y += height + GAP.down
  }
  return { boxes, labels, bottom: y }
}

function linesOf(prompt: AgentPrompt, flow: FlowTasks): Line[] {
  const lines = (value: string, style: Line['style']) =>
    wrap(value, LETTERS).map((part) => ({ text: part, style }))
  return [
    ...lines(prompt.type, 'name'),
    ...marksOf(prompt).flatMap((mark) => lines(mark, 'quiet')),
    ...modelsOf(prompt).flatMap((model) => lines(model, 'plain')),
    ...lines(`tools: ${prompt.allowedTools.join(', ') || 'none'}`, 'plain'),
    ...lines(costOf(prompt, flow), 'quiet'),
  ]
}

function drawn({ x, y, width, height, lines }: Box, onPath: boolean): string[] {
  return [
    `<rect class="box${onPath ? ' path' : ''}" x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/>`,
    ...lines.map((line, at) => text(x + BOX.padding, y + BOX.padding + 12 + at * LINE, line)),
  ]
}

/** An arrow's head is the end of its line. */
function arrow(
  [from, to]: readonly [Box | undefined, Box | undefined],
  boxes: readonly Box[],
  onPath: boolean,
): string[] {
  if (from === undefined || to === undefined) return []
  const rows = [...Map.groupBy(boxes, ({ y }) => y).values()]
  const [x, y] = [to.x + to.width / 2, to.y]
  const head = `M${x - 4} ${y - 8}L${x} ${y}L${x + 4} ${y - 8}`
  return [`<path class="arrow${onPath ? ' path' : ''}" d="${route({ from, to }, rows)}${head}"/>`]
}

function text(x: number, y: number, line: Line): string {
  return line.text === '' ? '' : `<text class="${line.style}" x="${x}" y="${y}">${escaped(line.text)}</text>`
}

interface Colours {
  readonly ground: string
  readonly box: string
  readonly line: string
  readonly ink: string
  readonly quiet: string
  readonly path: string
}

/** Written out for each ground: variables are not understood by everything that shows pictures. */
function rules({ ground, box, line, ink, quiet, path }: Colours): string {
  return [
    `.ground{fill:${ground}}.box{fill:${box};stroke:${line}}.arrow{fill:none;stroke:${line};stroke-width:1.5}`,
    `.path{stroke:${path};stroke-width:2.5}text{fill:${ink}}.quiet{fill:${quiet}}`,
  ].join('')
}

const LIGHT = {
  ground: '#fff',
  box: '#f6f8fa',
  line: '#8c959f',
  ink: '#1f2328',
  quiet: '#59636e',
  path: '#0969da',
}
const DARK = {
  ground: '#0d1117',
  box: '#161b22',
  line: '#6e7681',
  ink: '#e6edf3',
  quiet: '#9198a1',
  path: '#58a6ff',
}

const STYLE = `<style>
text{font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}.name{font-weight:700;font-size:13px}
${rules(LIGHT)}
@media(prefers-color-scheme:dark){${rules(DARK)}}
</style>`

function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
