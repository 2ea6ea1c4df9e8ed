import type { RunEvent, Usage } from '../../schemas/run-event.ts'
import type { AgentEvent } from '../harness/harness.ts'
import { apply, emptyQueue, type Queue } from '../queue/queue.ts'
import { tokensIn } from '../report/spending.ts'
import { type Doing, next } from './activity.ts'

type Planning =
  /** `lastReason` tells why the attempt before came to nothing. */
  | { readonly status: 'waiting'; readonly lastReason: string | null }
  | { readonly status: 'running'; readonly startedAt: number; readonly model: string }
  | { readonly status: 'ended'; readonly ms: number; readonly failure: string | null }

/** What a screen knows of a run; times are milliseconds since the epoch. Each event costs the same, however long the queue. */
export interface Model {
  readonly launchedAt: number
  readonly now: number
  readonly queue: Queue
  readonly planning: Planning
  /** Ids of the tasks that run, the one that began first in front. */
  readonly running: readonly string[]
  /** Ids of the tasks whose last attempt ended, newest first. */
  readonly ended: readonly string[]
  /** Ids of the tasks that failed last, newest first. */
  readonly failed: readonly string[]
  /** What each agent at work does right now, by task id or `seed`. */
  readonly doing: ReadonlyMap<string, Doing>
  /** In and out, caches included. */
  readonly tokens: number
  readonly guards: number
}

/** So many ended tasks are remembered by their order. */
const REMEMBERED = 20

/** A run that has not said anything yet. */
export function launch(now: number): Model {
  return {
    launchedAt: now,
    now,
    queue: emptyQueue,
    planning: { status: 'waiting', lastReason: null },
    running: [],
    ended: [],
    failed: [],
    doing: new Map(),
    tokens: 0,
    guards: 0,
  }
}

/** Moves the clock; it never runs backwards. */
export function tick(model: Model, now: number): Model {
  return now > model.now ? { ...model, now } : model
}

/** What the screen knows after one more thing that an agent did. */
export function act(model: Model, id: string, event: AgentEvent): Model {
  const doing = next(model.doing.get(id), event)
  return doing === undefined ? model : { ...model, doing: new Map(model.doing).set(id, doing) }
}

/** What the screen knows after one more event. */
export function update(before: Model, event: RunEvent): Model {
  const model = { ...tick(before, event.at), queue: apply(before.queue, event) }
  switch (event.e) {
    case 'run-resumed':
      return model.planning.status === 'running'
        ? { ...model, planning: { status: 'waiting', lastReason: 'it was interrupted' } }
        : model
    case 'seed-started':
      return { ...model, planning: { status: 'running', startedAt: event.at, model: event.model } }
    case 'seed-ended':
      return {
        ...spent(model, event.usage),
        planning: planned(model.planning, event),
        doing: without(model, 'seed'),
      }
    case 'guard-tripped':
      return { ...model, guards: model.guards + 1 }
    case 'task-started':
      return { ...model, running: [...model.running, event.id], doing: without(model, event.id) }
    case 'attempt-ended':
      return attemptEnded(spent(model, event.usage), event)
    default:
      return model
  }
}

type Ended<E extends RunEvent['e']> = Extract<RunEvent, { readonly e: E }>

function attemptEnded(model: Model, { id, failure, retry }: Ended<'attempt-ended'>): Model {
  const left = {
    ...model,
    running: model.running.filter((other) => other !== id),
    doing: without(model, id),
  }
  if (retry) return left
  return {
    ...left,
    ended: remembered(id, model.ended),
    failed: failure === null ? model.failed : remembered(id, model.failed),
  }
}

function planned(before: Planning, { at, failure, retry }: Ended<'seed-ended'>): Planning {
  const why = failure && (failure.message || failure.kind)
  if (retry || failure?.kind === 'cancelled') return { status: 'waiting', lastReason: why }
  const startedAt = before.status === 'running' ? before.startedAt : at
  return { status: 'ended', ms: Math.max(0, at - startedAt), failure: why }
}

function spent(model: Model, usage: readonly Usage[]): Model {
  return { ...model, tokens: usage.reduce((sum, part) => sum + tokensIn(part), model.tokens) }
}

function remembered(id: string, ids: readonly string[]): readonly string[] {
  return [id, ...ids].slice(0, REMEMBERED)
}

function without({ doing }: Model, id: string): ReadonlyMap<string, Doing> {
  if (!doing.has(id)) return doing
  const rest = new Map(doing)
  rest.delete(id)
  return rest
}
