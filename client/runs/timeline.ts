import type { RunEvent } from '../../schemas/run-event.ts'
import type { Queue } from '../queue/queue.ts'
import { criticalPath } from './critical-path.ts'
import type { Segment, SegmentKind } from './segment.ts'
import { withoutPauses } from './without-pauses.ts'

export interface Row {
  /** Task id, or `seed`. */
  readonly id: string
  readonly name: string
  readonly segments: readonly Segment[]
  /** On the chain of tasks that the end of the run waited for. */
  readonly isCritical: boolean
}

/** Who did what when. */
export interface Timeline {
  /** Milliseconds of the run; what passed while it was interrupted is left out. */
  readonly length: number
  readonly pauses: readonly number[]
  /** Planning first, then the tasks in the order they were queued. */
  readonly rows: readonly Row[]
}

interface Line {
  readonly name: string
  readonly segments: Segment[]
  /** What is under way, since when. */
  open: { readonly kind: 'wait' | 'open'; readonly from: number } | null
}

/** The timeline of a run; `sinceLast` is how long ago its last event was, when it is still at work. */
export function timelineOf(
  events: readonly RunEvent[],
  { queue, sinceLast = 0 }: { readonly queue: Queue; readonly sinceLast?: number },
): Timeline {
  const worked = withoutPauses(events)
  const lines = new Map<string, Line>()
  for (const event of worked.events) draw(lines, event)
  const length = (worked.events.at(-1)?.at ?? 0) + sinceLast
  for (const line of lines.values()) close(line, 'open', length)
  const segments = new Map([...lines].map(([id, line]) => [id, line.segments]))
  const critical = criticalPath(segments, queue)
  const rows = [...lines].map(([id, { name, segments }]) => ({
    ...{ id, name, segments },
    isCritical: critical.has(id),
  }))
  return { length, pauses: worked.pauses, rows }
}

function draw(lines: Map<string, Line>, event: RunEvent): void {
  const { at } = event
  if (event.e === 'seed-started') begin(lineOf(lines, 'seed', 'planning'), at)
  if (event.e === 'seed-ended') close(lineOf(lines, 'seed', 'planning'), ending(event), at)
  if (event.e === 'task-enqueued') wait(lineOf(lines, event.task.id, event.task.label), at)
  if (event.e === 'task-started') begin(lineOf(lines, event.id, event.id), at)
  if (event.e === 'task-cancelled') close(lineOf(lines, event.id, event.id), 'failed', at)
  if (event.e !== 'attempt-ended') return
  const line = lineOf(lines, event.id, event.id)
  close(line, ending(event), at)
  if (event.retry) wait(line, at)
}

function wait(line: Line, from: number): void {
  line.open = { kind: 'wait', from }
}

function lineOf(lines: Map<string, Line>, id: string, name: string): Line {
  const line = lines.get(id) ?? { name, segments: [], open: null }
  lines.set(id, line)
  return line
}

function begin(line: Line, at: number): void {
  close(line, 'retry', at)
  line.open = { kind: 'open', from: at }
}

/** Ends what is under way; only an attempt can end in one way or another. */
function close(line: Line, how: Exclude<SegmentKind, 'wait'>, to: number): void {
  if (line.open === null) return
  const { kind, from } = line.open
  line.segments.push({ kind: kind === 'wait' ? 'wait' : how, from, to })
  line.open = null
}

function ending({
  failure,
  retry,
}: Extract<RunEvent, { e: 'seed-ended' | 'attempt-ended' }>): 'done' | 'retry' | 'failed' {
  if (failure === null) return 'done'
  return retry || failure.kind === 'cancelled' ? 'retry' : 'failed'
}
