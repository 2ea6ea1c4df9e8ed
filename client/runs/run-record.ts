import type { RunEvent } from '../../schemas/run-event.ts'
import type { RunFileOptions } from '../../schemas/run-options.ts'
import type { Counts, Queue } from '../queue/queue.ts'
import { tokensOf } from '../report/spending.ts'
import { withoutPauses } from './without-pauses.ts'

/** A run as its folder tells it. */
export interface RunRecord {
  readonly id: string
  /** Absolute path of the run folder. */
  readonly path: string
  /** Everything that is certain about it. */
  readonly events: readonly RunEvent[]
  readonly queue: Queue
  /** What it was asked for; null when the folder does not say, or not in a way that can be read. */
  readonly options: RunFileOptions | null
  /** Why what comes after the events cannot be known; null when all is sound. */
  readonly damage: string | null
  /** True while the process that works on it is there. */
  readonly isAlive: boolean
}

type RunVerdict = 'succeeded' | 'failed' | 'cancelled' | 'running' | 'interrupted' | 'damaged'

/** One run on one line. */
export interface RunSummary {
  readonly run: string
  readonly verdict: RunVerdict
  readonly isResumable: boolean
  readonly flow: string
  readonly channel: string | null
  readonly release: string
  readonly harness: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Milliseconds that were worked on it. */
  readonly ms: number
  readonly tasks: Counts
  readonly tokens: number
  /** US dollars that are known. */
  readonly usd: number
  /** Models whose price is not known. */
  readonly unpriced: readonly string[]
}

export function summaryOf(record: RunRecord, now: number): RunSummary {
  const { id, events, queue } = record
  const { started, counts, spent } = queue
  return {
    run: id,
    verdict: verdictOf(record),
    isResumable: whyNotResumable(record) === null,
    flow: started?.flow ?? '',
    channel: started?.channel ?? null,
    release: started?.release ?? '',
    harness: started?.harness ?? '',
    startedAt: started?.at ?? 0,
    ms: (withoutPauses(events).events.at(-1)?.at ?? 0) + sinceLast(record, now),
    tasks: counts,
    tokens: tokensOf(events),
    usd: spent.usd,
    unpriced: [...spent.unpriced],
  }
}

/** How long ago a run that is at work told something. */
export function sinceLast(record: RunRecord, now: number): number {
  if (verdictOf(record) !== 'running') return 0
  return Math.max(0, now - (record.events.at(-1)?.at ?? now))
}

export function verdictOf({ queue, damage, isAlive }: RunRecord): RunVerdict {
  if (damage !== null) return 'damaged'
  if (queue.finished) return queue.finished.verdict
  return isAlive ? 'running' : 'interrupted'
}

/** Why the run cannot be taken up again; null when it can. */
export function whyNotResumable(record: RunRecord): string | null {
  const { damage, queue } = record
  if (damage !== null) return damage
  const { finished } = queue
  if (finished === null) return record.isAlive ? 'it is at work right now' : null
  if (finished.resumable ?? finished.verdict === 'cancelled') return null
  return `it came to its end and has ${finished.verdict}, so nothing is left to do`
}
