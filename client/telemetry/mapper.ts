import type { RunEvent, Sequence } from '../../schemas/run-event.ts'
import type { Fields, TelemetryEntry, TelemetryName } from './entry.ts'
import { kindOf, knownHarness, knownModel, word } from './names.ts'
import { type Wait, waited } from './wait.ts'

interface KnownTask {
  readonly type: string
  readonly enqueuedAt: number
  readonly startedAt?: number
  readonly model?: string
  readonly report?: 'done' | 'not-needed' | 'failed'
}

/** What is remembered of the events so far. */
interface Memory {
  run: { readonly id: string; readonly channel: string | null; readonly release: string } | null
  variant: Sequence
  seed: { readonly at: number; readonly model: string } | null
  wait: Wait | null
  readonly tasks: Map<string, KnownTask>
  readonly counts: Record<'completed' | 'skipped' | 'failed' | 'retried', number>
}

/** Told every event of one run in order, answers each with what telemetry may know of it, or with nothing. */
export type TelemetryMapper = (event: RunEvent) => TelemetryEntry | null

/** A mapper at the start of a run. The same events always give the same entries. */
export function telemetryMapper(): TelemetryMapper {
  const memory: Memory = {
    run: null,
    variant: 'orchestrator',
    seed: null,
    wait: null,
    tasks: new Map(),
    counts: { completed: 0, skipped: 0, failed: 0, retried: 0 },
  }
  return (event) => {
    memory.wait = waited(memory.wait, event)
    const told = tell(event, memory)
    if (told === null) return null
    const { id, channel, release } = memory.run ?? { id: null, channel: null, release: null }
    const [name, fields] = told
    const variant = memory.variant
    const whose = { variant, sequence: variant, run: id, channel, release }
    return { event: name, at: event.at, ...whose, ...named(fields) }
  }
}

type Told = readonly [TelemetryName, Fields] | null

function tell(event: RunEvent, memory: Memory): Told {
  switch (event.e) {
    case 'run-started':
    case 'run-resumed':
      return tellStart(event, memory)
    case 'seed-started':
      memory.seed = { at: event.at, model: knownModel(event.model) }
      return null
    case 'seed-ended':
      return ['orchestrator seeded', tellSeed(event, memory)]
    case 'guard-tripped':
      return ['guard tripped', { guard: event.guard, by: kindOf(event.by) }]
    case 'dependency-added':
    case 'question-asked':
    case 'question-settled':
      return null
    case 'run-finished':
      return ['run finished', tellFinish(event, memory)]
    default:
      return tellTask(event, memory)
  }
}

function tellStart(
  event: Extract<RunEvent, { readonly e: 'run-started' | 'run-resumed' }>,
  memory: Memory,
): Told {
  if (event.e === 'run-resumed') return ['orchestrator started', { resumed: true }]
  const { run, channel, release, flow, framework, concurrency } = event
  const { sequence = 'orchestrator', decidedBy = 'default' } = event
  memory.variant = sequence
  memory.run = { id: word(run), channel, release: word(release) }
  const harness = knownHarness(event.harness)
  return ['orchestrator started', { resumed: false, flow, framework, harness, concurrency, decidedBy }]
}

function tellSeed(event: Extract<RunEvent, { readonly e: 'seed-ended' }>, memory: Memory): Fields {
  return {
    model: memory.seed?.model ?? null,
    ms: memory.seed === null ? null : event.at - memory.seed.at,
    tasks: memory.tasks.size,
    failure: event.failure?.kind ?? null,
    ...spentOf(event),
  }
}

function tellFinish(event: Extract<RunEvent, { readonly e: 'run-finished' }>, memory: Memory): Fields {
  return {
    verdict: event.verdict,
    ms: memory.wait === null ? null : event.at - memory.wait.launchedAt,
    tasks: memory.tasks.size,
    firstTaskMs: memory.wait?.firstTask ?? null,
    firstCompletionMs: memory.wait?.firstCompletion ?? null,
    longestSilenceMs: memory.wait?.longestSilence ?? null,
    ...memory.counts,
  }
}

type TaskEvent = Extract<
  RunEvent,
  { readonly e: 'task-enqueued' | 'task-started' | 'task-reported' | 'attempt-ended' | 'task-cancelled' }
>

function tellTask(event: TaskEvent, memory: Memory): Told {
  if (event.e === 'task-enqueued') {
    const { id, type, depth, dependsOn, optional, enqueuedBy, maxAttempts } = event.task
    memory.tasks.set(id, { type, enqueuedAt: event.at })
    const dependencies = dependsOn.length
    return [
      'task enqueued',
      { task: id, type, depth, dependencies, optional, maxAttempts, by: kindOf(enqueuedBy) },
    ]
  }
  const task = memory.tasks.get(event.id)
  if (task === undefined) return null
  const base = { task: event.id, type: task.type }
  switch (event.e) {
    case 'task-started': {
      const model = knownModel(event.model)
      memory.tasks.set(event.id, { ...task, startedAt: event.at, model })
      const waitedMs = event.at - task.enqueuedAt
      return ['task started', { ...base, model, attempt: event.attempt, waitedMs }]
    }
    case 'task-reported':
      memory.tasks.set(event.id, { ...task, report: event.status })
      return null
    case 'task-cancelled':
      memory.counts.failed += 1
      return ['task failed', { ...base, failure: 'cancelled' }]
    case 'attempt-ended':
      return tellEnd(event, task, memory)
  }
}

function tellEnd(
  event: Extract<RunEvent, { readonly e: 'attempt-ended' }>,
  task: KnownTask,
  memory: Memory,
): Told {
  const fields = {
    task: event.id,
    type: task.type,
    model: task.model ?? null,
    attempt: event.attempt,
    ms: task.startedAt === undefined ? null : event.at - task.startedAt,
    ...spentOf(event),
  }
  if (event.failure === null && task.report !== 'failed') {
    const skipped = task.report === 'not-needed'
    memory.counts[skipped ? 'skipped' : 'completed'] += 1
    return [skipped ? 'task skipped' : 'task completed', fields]
  }
  const failure = event.failure?.kind ?? 'self-reported'
  memory.counts[event.retry ? 'retried' : 'failed'] += 1
  return [event.retry ? 'task retried' : 'task failed', { ...fields, failure }]
}

function spentOf(event: Extract<RunEvent, { readonly e: 'seed-ended' | 'attempt-ended' }>): Fields {
  const sum = (key: 'input' | 'output' | 'cacheRead' | 'cacheWrite') =>
    event.usage.reduce((total, usage) => total + usage[key], 0)
  return {
    turns: event.turns,
    inputTokens: sum('input'),
    outputTokens: sum('output'),
    cacheReadTokens: sum('cacheRead'),
    cacheWriteTokens: sum('cacheWrite'),
    usd: event.usd ?? null,
  }
}

/** A second fence: a string that is not a name by form is not told, whichever field it came in. */
function named(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? word(value) : value]),
  )
}
