import type { RunEvent } from '../../schemas/run-event.ts'
import { at, emptyMap, entriesOf, type IntMap, put } from '../queue/int-map.ts'

/** How an attempt ended for good. */
interface Ended {
  readonly model: string
  readonly ms: number
  readonly endedAt: number
}

type TaskProgress =
  /** `lastReason` tells why the attempt before came to nothing. */
  | { readonly status: 'pending'; readonly lastReason: string | null }
  | {
      readonly status: 'running'
      readonly startedAt: number
      readonly attempt: number
      readonly model: string
      readonly report: { readonly status: 'done' | 'not-needed' | 'failed'; readonly reason: string } | null
    }
  | ({ readonly status: 'done' } & Ended)
  | ({ readonly status: 'not-needed' | 'failed'; readonly reason: string } & Ended)
  | { readonly status: 'cancelled'; readonly reason: string }

export interface TaskLine {
  readonly id: string
  readonly type: string
  readonly label: string
  readonly dependsOn: readonly string[]
  readonly optional: boolean
  readonly progress: TaskProgress
}

type Planning =
  | { readonly status: 'waiting' }
  | { readonly status: 'running'; readonly startedAt: number; readonly model: string }
  | { readonly status: 'ended'; readonly ms: number; readonly failure: string | null }

/** What a screen knows of a run; times are milliseconds since the epoch. */
export interface Model {
  readonly launchedAt: number
  readonly now: number
  readonly planning: Planning
  /** By the number in their ids, so in the order they were queued. */
  readonly tasks: IntMap<TaskLine>
  /** Id of the task that finished last. */
  readonly latest: string | null
  readonly guards: number
  readonly verdict: {
    readonly verdict: 'succeeded' | 'failed' | 'cancelled'
    readonly reasons: readonly string[]
  } | null
}

/** A run that has not said anything yet. */
export function launch(now: number): Model {
  return {
    launchedAt: now,
    now,
    planning: { status: 'waiting' },
    tasks: emptyMap,
    latest: null,
    guards: 0,
    verdict: null,
  }
}

/** Every task, in the order they were queued. */
export function taskList(model: Model): TaskLine[] {
  return [...entriesOf(model.tasks)].map(([, task]) => task)
}

export function taskOf(model: Model, id: string): TaskLine | undefined {
  return at(model.tasks, numberOf(id))
}

/** Moves the clock; it never runs backwards. */
export function tick(model: Model, now: number): Model {
  return now > model.now ? { ...model, now } : model
}

/** What the screen knows after one more event. */
export function update(before: Model, event: RunEvent): Model {
  const model = tick(before, event.at)
  switch (event.e) {
    case 'run-started':
      return model
    case 'run-resumed':
      return resume(model)
    case 'seed-started':
      return { ...model, planning: { status: 'running', startedAt: event.at, model: event.model } }
    case 'seed-ended':
      return { ...model, planning: planned(model.planning, event) }
    case 'guard-tripped':
      return { ...model, guards: model.guards + 1 }
    case 'run-finished':
      return { ...model, verdict: { verdict: event.verdict, reasons: event.reasons } }
    case 'task-enqueued': {
      const { id, type, label, dependsOn, optional } = event.task
      const progress = { status: 'pending', lastReason: null } as const
      const task = { id, type, label, dependsOn, optional, progress }
      return { ...model, tasks: put(model.tasks, numberOf(id), task) }
    }
    default:
      return updateTask(model, event)
  }
}

type TaskEvent = Extract<RunEvent, { readonly id: string }>

function updateTask(model: Model, event: TaskEvent): Model {
  const task = taskOf(model, event.id)
  if (task === undefined) return model
  const next = nextLine(task, event)
  const ended = event.e === 'attempt-ended' && next.progress.status !== 'pending'
  const tasks = put(model.tasks, numberOf(task.id), next)
  return { ...model, tasks, latest: ended ? task.id : model.latest }
}

function nextLine(task: TaskLine, event: TaskEvent): TaskLine {
  switch (event.e) {
    case 'dependency-added':
      return { ...task, dependsOn: [...task.dependsOn, event.dependsOn] }
    case 'task-started':
      return {
        ...task,
        progress: {
          status: 'running',
          startedAt: event.at,
          attempt: event.attempt,
          model: event.model,
          report: null,
        },
      }
    case 'task-reported': {
      if (task.progress.status !== 'running') return task
      const report = { status: event.status, reason: event.reason ?? '' }
      return { ...task, progress: { ...task.progress, report } }
    }
    case 'attempt-ended':
      return { ...task, progress: endAttempt(task.progress, event) }
    case 'task-cancelled':
      return { ...task, progress: { status: 'cancelled', reason: event.reason } }
  }
}

function endAttempt(
  progress: TaskProgress,
  event: Extract<RunEvent, { readonly e: 'attempt-ended' }>,
): TaskProgress {
  if (progress.status !== 'running') return progress
  const { report, model, startedAt } = progress
  const ended = { model, ms: Math.max(0, event.at - startedAt), endedAt: event.at }
  if (event.failure !== null) {
    if (event.retry) return { status: 'pending', lastReason: event.failure.message }
    return { status: 'failed', reason: event.failure.message || event.failure.kind, ...ended }
  }
  if (report === null || report.status === 'done') return { status: 'done', ...ended }
  return { status: report.status, reason: report.reason, ...ended }
}

/** What ran when the process died runs again. */
function resume(model: Model): Model {
  const interrupted = { status: 'pending', lastReason: 'interrupted' } as const
  const tasks = taskList(model)
    .filter((task) => task.progress.status === 'running')
    .reduce((map, task) => put(map, numberOf(task.id), { ...task, progress: interrupted }), model.tasks)
  const planning: Planning = model.planning.status === 'running' ? { status: 'waiting' } : model.planning
  return { ...model, tasks, planning, verdict: null }
}

function planned(before: Planning, event: Extract<RunEvent, { readonly e: 'seed-ended' }>): Planning {
  const startedAt = before.status === 'running' ? before.startedAt : event.at
  const failure = event.failure && (event.failure.message || event.failure.kind)
  return { status: 'ended', ms: Math.max(0, event.at - startedAt), failure }
}

function numberOf(id: string): number {
  return Number(id.slice(1))
}
