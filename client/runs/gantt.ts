import type { Paint, Style } from '../tui/colour.ts'
import { cut, duration, plainText, toColumns } from '../tui/text.ts'
import type { Segment } from './segment.ts'
import type { Row, Timeline } from './timeline.ts'

/** What stands for each kind, and what it hides where both fall into one column. */
const MARKS: Readonly<
  Record<Segment['kind'], { readonly sign: string; readonly rank: number; readonly styles: readonly Style[] }>
> = {
  wait: { sign: '·', rank: 1, styles: ['dim'] },
  retry: { sign: '▒', rank: 2, styles: ['yellow'] },
  done: { sign: '█', rank: 3, styles: ['green'] },
  open: { sign: '▓', rank: 4, styles: ['cyan'] },
  failed: { sign: '▚', rank: 5, styles: ['red'] },
}
const LEGEND: readonly (readonly [Segment['kind'], string])[] = [
  ['done', 'done'],
  ['failed', 'failed'],
  ['retry', 'tried again'],
  ['open', 'at work'],
  ['wait', 'waiting'],
]
/** A longer run shows what its end waited for, what went wrong, and as much of the rest as fits. */
const MAX_ROWS = 200

interface GanttOptions {
  readonly columns: number
  readonly paint: Paint
}

/** The timeline as bars, one row for planning and each task. */
export function gantt(timeline: Timeline, { columns, paint }: GanttOptions): string[] {
  const rows = chosen(timeline.rows)
  const ids = Math.max(2, ...rows.map(({ id }) => shownId(id).length))
  const names = Math.min(
    Math.max(8, ...rows.map(({ name }) => plainText(name).length)),
    Math.floor(columns / 4),
  )
  const bars = Math.max(10, columns - ids - names - 12)
  const left = ids + names + 4
  const hidden = timeline.rows.length - rows.length
  return [
    ...rows.map((row) => {
      const mark = row.isCritical ? paint('●', 'bold') : ' '
      const name = toColumns(plainText(row.name), names)
      const took = row.segments.reduce(
        (sum, { kind, from, to }) => sum + (kind === 'wait' ? 0 : to - from),
        0,
      )
      const head = `${mark} ${shownId(row.id).padEnd(ids)} ${row.isCritical ? paint(name, 'bold') : name} `
      return `${head}${bar(row, timeline, { columns: bars, paint })} ${duration(took).padStart(6)}`
    }),
    ...(hidden > 0 ? [paint(cut(`  … ${hidden} more tasks`, columns), 'dim')] : []),
    paint(' '.repeat(left) + axis(timeline, bars), 'dim'),
    ...legend(timeline, rows, { columns, paint }),
  ]
}

/** All rows, or of too many the ones that tell most, in their order. */
export function chosen(rows: readonly Row[], most = MAX_ROWS): readonly Row[] {
  if (rows.length <= most) return rows
  const rank = ({ isCritical, id, segments }: Row) =>
    isCritical || id === 'seed'
      ? 0
      : segments.some(({ kind }) => kind === 'failed' || kind === 'retry')
        ? 1
        : 2
  const kept = new Set([...rows].sort((a, b) => rank(a) - rank(b)).slice(0, most))
  return rows.filter((row) => kept.has(row))
}

function shownId(id: string): string {
  return id === 'seed' ? '' : id
}

/** What one column of a bar shows. */
type Cell = Segment['kind'] | 'pause' | 'nothing'

function bar(row: Row, timeline: Timeline, { columns, paint }: GanttOptions): string {
  const cells = cellsOf(row, timeline, columns)
  let text = ''
  for (let at = 0; at < columns; ) {
    const cell = cells[at] ?? 'nothing'
    let end = at + 1
    while (end < columns && cells[end] === cell) end++
    text += drawn(cell, end - at, paint)
    at = end
  }
  return text
}

function drawn(cell: Cell, columns: number, paint: Paint): string {
  if (cell === 'nothing') return ' '.repeat(columns)
  if (cell === 'pause') return paint('┊'.repeat(columns), 'dim')
  return paint(MARKS[cell].sign.repeat(columns), ...MARKS[cell].styles)
}

/** Work hides waiting, and what went wrong hides work. */
function cellsOf({ segments }: Row, { length, pauses }: Timeline, columns: number): readonly Cell[] {
  const column = (ms: number) =>
    length === 0 ? 0 : Math.max(0, Math.min(columns - 1, Math.floor((ms / length) * columns)))
  const cells = new Array<Cell>(columns).fill('nothing')
  for (const ms of pauses) cells[column(ms)] = 'pause'
  for (const { kind, from, to } of [...segments].sort((a, b) => MARKS[a.kind].rank - MARKS[b.kind].rank)) {
    for (let at = column(from); at <= Math.max(column(from), column(to - 1)); at++) {
      if (kind !== 'wait' || cells[at] !== 'pause') cells[at] = kind
    }
  }
  return cells
}

function axis({ length }: Timeline, columns: number): string {
  const end = duration(length)
  return `└${'─'.repeat(Math.max(0, columns - end.length - 2))} ${end}`
}

function legend({ pauses }: Timeline, rows: readonly Row[], { columns, paint }: GanttOptions): string[] {
  const seen = new Set(rows.flatMap(({ segments }) => segments.map(({ kind }) => kind)))
  const parts = [
    ...LEGEND.flatMap(([kind, word]) => (seen.has(kind) ? [`${MARKS[kind].sign} ${word}`] : [])),
    ...(rows.some(({ isCritical }) => isCritical) ? ['● what the end waited for'] : []),
    ...(pauses.length > 0 ? ['┊ taken up again'] : []),
  ]
  return [paint(cut(`  ${parts.join('   ')}`, columns), 'dim')]
}
