import {
  type Attributes,
  type Context,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { TelemetryEntry } from './entry.ts'

/** A run as spans: run → planning and tasks → attempts. */
export interface RunSpans {
  readonly tell: (entry: TelemetryEntry) => void
  /** Ends what is still open. */
  readonly end: () => void
  readonly count: () => number
}

interface OpenTask {
  readonly span: Span
  readonly context: Context
  attempt: Span | null
}

/** Draws the spans of one session with `tracer`; those that stand alone hang on `parent`. */
export function runSpans(tracer: Tracer, parent: Context): RunSpans {
  const tasks = new Map<string, OpenTask>()
  let run: Span | null = null
  let inRun = parent
  let lastAt = 0
  let count = 0

  const start = (name: string, { at, entry, within }: Starting): Span => {
    count += 1
    return tracer.startSpan(name, { startTime: new Date(at), attributes: attributesOf(entry) }, within)
  }
  const openTask = (entry: TelemetryEntry): OpenTask => {
    const id = String(entry.task)
    const known = tasks.get(id)
    if (known !== undefined) return known
    const span = start(`task ${entry.type}`, { at: entry.at, entry, within: inRun })
    const open = { span, context: trace.setSpan(inRun, span), attempt: null }
    tasks.set(id, open)
    return open
  }
  const endTask = (entry: TelemetryEntry): void => {
    const task = openTask(entry)
    if (task.attempt !== null) finish(task.attempt, entry)
    task.attempt = null
    if (entry.event === 'task retried') return
    finish(task.span, entry)
    tasks.delete(String(entry.task))
  }
  const endAll = (at: number): void => {
    for (const { attempt, span } of tasks.values()) {
      for (const open of attempt === null ? [span] : [attempt, span]) open.end(new Date(at))
    }
    tasks.clear()
    run?.end(new Date(at))
    run = null
  }

  return {
    count: () => count,
    end: () => endAll(lastAt),
    tell(entry) {
      lastAt = entry.at
      switch (entry.event) {
        case 'orchestrator started':
          endAll(entry.at)
          run = start('run', { at: entry.at, entry, within: parent })
          inRun = trace.setSpan(parent, run)
          return
        case 'orchestrator seeded':
          return finish(start('planning', { at: entry.at - Number(entry.ms), entry, within: inRun }), entry)
        case 'task enqueued':
          return void openTask(entry)
        case 'task started': {
          const task = openTask(entry)
          task.attempt?.end(new Date(entry.at))
          task.attempt = start(`attempt ${entry.type}`, { at: entry.at, entry, within: task.context })
          return
        }
        case 'guard tripped':
          return void run?.addEvent(entry.event, attributesOf(entry), new Date(entry.at))
        case 'run finished':
          if (run !== null) mark(run, entry)
          return endAll(entry.at)
        default:
          return endTask(entry)
      }
    },
  }
}

interface Starting {
  readonly at: number
  readonly entry: TelemetryEntry
  readonly within: Context
}

function finish(span: Span, entry: TelemetryEntry): void {
  mark(span, entry)
  span.end(new Date(entry.at))
}

/** What came of it, in names and numbers: a status has no message, since that would be somebody's text. */
function mark(span: Span, entry: TelemetryEntry): void {
  span.setAttributes(attributesOf(entry))
  const { verdict = 'succeeded', failure = null } = entry
  if (verdict !== 'succeeded' || failure !== null) span.setStatus({ code: SpanStatusCode.ERROR })
}

function attributesOf({ event: _, at: __, ...fields }: TelemetryEntry): Attributes {
  const known = Object.entries(fields).filter(([, value]) => value !== null)
  return Object.fromEntries(known.map(([key, value]) => [`mill.${key}`, value as string | number | boolean]))
}
