import type { RunEvent, Sequence } from '../../schemas/run-event.ts'
import { isTasksFault } from '../queue/transition.ts'
import { responsivenessOf } from '../report/responsiveness.ts'
import { NOTHING_SPENT, plus, spendingOf } from '../report/spending.ts'
import type { RunRecord } from '../runs/run-record.ts'
import { withoutPauses } from '../runs/without-pauses.ts'

/** What is measured of a run, in the order it is told. Of each, less is better. */
export const MEASURES = {
  firstTask: { title: 'first task', unit: 'ms' },
  firstCompletion: { title: 'first completion', unit: 'ms' },
  longestSilence: { title: 'longest silence', unit: 'ms' },
  time: { title: 'time', unit: 'ms' },
  tokens: { title: 'tokens', unit: 'count' },
  usd: { title: 'cost', unit: 'usd' },
  retries: { title: 'retries', unit: 'count' },
} as const
export type MeasureName = keyof typeof MEASURES
export type Unit = (typeof MEASURES)[MeasureName]['unit']

/** A run that came to its end. */
export interface MeasuredRun {
  readonly run: string
  readonly flow: string
  readonly sequence: Sequence
  /** Null when the server told none. */
  readonly channel: string | null
  readonly release: string
  readonly harness: string
  readonly framework: string | null
  readonly concurrency: number
  readonly succeeded: boolean
  /** Null where it did not come to that, or is not known. */
  readonly figures: Readonly<Record<MeasureName, number | null>>
}

/** The figures of a run that came to its end, or why it has none. */
export function measured(record: RunRecord): MeasuredRun | { readonly why: string } {
  const { started, finished } = record.queue
  if (record.damage !== null) return { why: record.damage }
  if (!started || !finished)
    return { why: record.isAlive ? 'it is at work right now' : 'it never came to its end' }
  if (finished.verdict === 'cancelled') return { why: 'it was cancelled' }
  const { flow, channel, release, harness, framework, concurrency, sequence = 'orchestrator' } = started
  return {
    ...{ run: record.id, flow, sequence, channel, release, harness, framework, concurrency },
    succeeded: finished.verdict === 'succeeded',
    figures: figuresOf(record),
  }
}

/** Times count from when the person asked; those while nobody worked on the run are left out. */
function figuresOf({ events, queue }: RunRecord): MeasuredRun['figures'] {
  const worked = withoutPauses(events).events
  const endedAt = worked.at(-1)?.at ?? 0
  const { firstTask, firstCompletion, longestSilence } = responsivenessOf(worked, { launchedAt: 0, endedAt })
  const spent = [...spendingOf(events).values()].reduce(plus, NOTHING_SPENT)
  const { isCut } = queue.spent
  return {
    ...{ firstTask, firstCompletion, longestSilence, time: endedAt },
    ...{ tokens: isCut ? null : spent.tokens, usd: isCut ? null : spent.usd },
    retries: events.filter(isRetry).length,
  }
}

/** Neither an interruption nor a full disk says anything about what is compared. */
function isRetry(event: RunEvent): boolean {
  if ((event.e !== 'attempt-ended' && event.e !== 'seed-ended') || !event.retry || !event.failure)
    return false
  return isTasksFault(event.failure) || event.failure.lostModel !== undefined
}
