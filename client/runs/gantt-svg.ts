import { duration, plainText } from '../tui/text.ts'
import { chosen } from './gantt.ts'
import type { Row, Timeline } from './timeline.ts'

/** Measures in pixels; letters are those of a monospaced font of 12 px. */
const WIDTH = 1080
const MARGIN = 24
const NAMES = 268
const ROW = 24
const TOP = 76
const LETTERS = 34
const MAX_ROWS = 500
const BARS = WIDTH - 2 * MARGIN - NAMES - 60

export interface GanttSvgOptions {
  readonly title: string
  readonly subtitle: string
}

/** The timeline as a picture that needs nothing beside it and can be read on light and on dark ground. */
export function ganttSvg(timeline: Timeline, { title, subtitle }: GanttSvgOptions): string {
  const rows = chosen(timeline.rows, MAX_ROWS)
  const bottom = TOP + rows.length * ROW
  const height = bottom + 78
  const x = (ms: number) => MARGIN + NAMES + (timeline.length === 0 ? 0 : (ms / timeline.length) * BARS)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    text(MARGIN, 34, { words: title, name: 'title' }),
    text(MARGIN, 54, { words: subtitle, name: 'quiet' }),
    ...ticks(timeline.length).flatMap((ms) => [
      `<line class="tick" x1="${round(x(ms))}" x2="${round(x(ms))}" y1="${TOP - 6}" y2="${bottom}"/>`,
      text(x(ms), bottom + 18, { words: duration(ms), name: 'quiet middle' }),
    ]),
    ...timeline.pauses.map(
      (ms) =>
        `<line class="pause" x1="${round(x(ms))}" x2="${round(x(ms))}" y1="${TOP - 6}" y2="${bottom}"/>`,
    ),
    ...rows.flatMap((row, index) => drawn(row, TOP + index * ROW, x)),
    ...legend(bottom + 48, timeline),
    '</svg>',
    '',
  ].join('\n')
}

function drawn({ id, name, segments, isCritical }: Row, y: number, x: (ms: number) => number): string[] {
  const label = `${id === 'seed' ? '' : `${id} `}${plainText(name)}`
  const worked = segments.filter(({ kind }) => kind !== 'wait')
  const took = worked.reduce((sum, { from, to }) => sum + to - from, 0)
  const end = Math.max(0, ...segments.map(({ to }) => to))
  return [
    text(MARGIN, y + 15, { words: shortened(label), name: isCritical ? 'critical' : 'name' }),
    ...segments.map(({ kind, from, to }) => {
      const [top, high] = kind === 'wait' ? [y + 10, 2] : [y + 4, 14]
      const wide = Math.max(kind === 'wait' ? 0 : 2, x(to) - x(from))
      const words = `${label}: ${WORDS[kind]}, ${duration(to - from)}`
      return `<rect class="${kind}" x="${round(x(from))}" y="${top}" width="${round(wide)}" height="${high}" rx="${kind === 'wait' ? 0 : 3}"><title>${escaped(words)}</title></rect>`
    }),
    ...(isCritical && worked[0] !== undefined
      ? [
          `<rect class="path" x="${round(x(worked[0].from))}" y="${y + 20}" width="${round(Math.max(2, x(end) - x(worked[0].from)))}" height="2"/>`,
        ]
      : []),
    ...(worked.length > 0 ? [text(x(end) + 6, y + 15, { words: duration(took), name: 'quiet' })] : []),
  ]
}

const WORDS: Readonly<Record<Row['segments'][number]['kind'], string>> = {
  done: 'done',
  failed: 'failed',
  retry: 'tried again',
  open: 'at work',
  wait: 'waiting',
}

function legend(y: number, { pauses }: Timeline): string[] {
  let left = MARGIN
  const parts: string[] = []
  const add = (name: string, words: string): void => {
    parts.push(`<rect class="${name}" x="${left}" y="${y - 9}" width="12" height="10" rx="2"/>`)
    parts.push(text(left + 18, y, { words, name: 'quiet' }))
    left += 40 + words.length * 7.4
  }
  for (const [kind, words] of Object.entries(WORDS)) add(kind, words)
  add('path', 'what the end waited for')
  if (pauses.length > 0) parts.push(text(left, y, { words: 'dashed: taken up again', name: 'quiet' }))
  return parts
}

/** Round times, about eight of them. */
function ticks(length: number): number[] {
  const steps = [1, 2, 5].flatMap((part) =>
    [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000].map((size) => part * size),
  )
  const step = steps.sort((a, b) => a - b).find((each) => length / each <= 8) ?? length
  if (length === 0) return [0]
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}

interface Words {
  readonly words: string
  readonly name: string
}

function text(x: number, y: number, { words, name }: Words): string {
  return `<text class="${name}" x="${round(x)}" y="${round(y)}">${escaped(words)}</text>`
}

function shortened(words: string): string {
  const letters = [...words]
  return letters.length <= LETTERS ? words : `${letters.slice(0, LETTERS - 1).join('')}…`
}

/** Text inside of a picture, in which nothing is markup. */
export function escaped(words: string): string {
  return plainText(words)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

const STYLE = `<style>
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #24292f }
.title { font-size: 15px; font-weight: 600 } .critical { font-weight: 600 } .quiet { fill: #656d76 } .middle { text-anchor: middle }
.ground { fill: #ffffff } .tick { stroke: #d8dee4 } .pause { stroke: #8250df; stroke-dasharray: 3 4 }
.done { fill: #2da44e } .failed { fill: #cf222e } .retry { fill: #d4a72c } .open { fill: #0969da } .wait { fill: #afb8c1 } .path { fill: #8250df }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .quiet { fill: #8d96a0 } .ground { fill: #0d1117 } .tick { stroke: #30363d } .pause { stroke: #a371f7 }
.done { fill: #3fb950 } .failed { fill: #f85149 } .retry { fill: #d29922 } .open { fill: #58a6ff } .wait { fill: #484f58 } .path { fill: #a371f7 }
}
</style>`
