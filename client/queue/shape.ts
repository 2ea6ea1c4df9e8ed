import { emptyMap, type IntMap } from './int-map.ts'
import type { Task } from './task.ts'
import type { EventOf } from './transition.ts'

/** Newest first, so that growing it costs the same however long it is. */
export type List<T> = { readonly head: T; readonly tail: List<T> } | null

/** A task and what the graph knows about it. */
export interface Entry {
  readonly task: Task
  /** Dependencies that are neither done, not needed, nor failed and optional. */
  readonly unmet: number
  /** Dependencies put in front of it after it was queued. */
  readonly added: List<number>
  readonly dependents: List<number>
  /** The task that failed for good and so keeps this one from ever running. */
  readonly blockedBy: number | null
}

export type Counts = Readonly<
  Record<'pending' | 'running' | 'blocked' | 'done' | 'not-needed' | 'failed' | 'cancelled', number>
>

type Planning = 'none' | 'running' | 'ended'

/**
 * All there is to know of a run, as its journal tells it. A value: `apply` gives the next one and leaves
 * this one as it was, at a cost that does not depend on how many tasks there are.
 */
export interface Queue {
  readonly started: EventOf<'run-started'> | null
  readonly finished: EventOf<'run-finished'> | null
  readonly planning: Planning
  readonly seed: EventOf<'seed-ended'> | null
  /** How often the planner failed and was asked again. */
  readonly seedFailures: number
  /** What agents cost; those whose price is not known are named instead. Of a request that was cut it is what was told. */
  readonly spent: {
    readonly usd: number
    readonly unpriced: ReadonlySet<string>
    readonly isCut: boolean
  }
  /** Models that could not be had. */
  readonly lostModels: ReadonlySet<string>
  readonly entries: IntMap<Entry>
  /** Pending, with nothing unmet. */
  readonly ready: IntMap<true>
  /** Tasks that nothing waits for. */
  readonly leaves: IntMap<true>
  /** Hash of type, inputs and place to the ids that share it. */
  readonly places: IntMap<List<number>>
  readonly firstOfType: ReadonlyMap<string, string>
  readonly counts: Counts
}

export const emptyQueue: Queue = {
  started: null,
  finished: null,
  planning: 'none',
  seed: null,
  seedFailures: 0,
  spent: { usd: 0, unpriced: new Set(), isCut: false },
  lostModels: new Set(),
  entries: emptyMap,
  ready: emptyMap,
  leaves: emptyMap,
  places: emptyMap,
  firstOfType: new Map(),
  counts: { pending: 0, running: 0, blocked: 0, done: 0, 'not-needed': 0, failed: 0, cancelled: 0 },
}

/** A shallow copy under construction: only `apply` holds it until it is returned. */
export type Draft = { -readonly [K in keyof Queue]: Queue[K] }

/** `t12` → 12. */
export function numberOf(id: string): number {
  return Number(id.slice(1))
}

/** 12 → `t12`. */
export function idOf(number: number): string {
  return `t${number}`
}
