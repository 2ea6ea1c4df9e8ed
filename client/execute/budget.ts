import type { Clock } from '../clock.ts'
import type { Queue } from '../queue/queue.ts'
import type { Stop } from './verdict.ts'

/** What a whole run may use up. */
export interface RunLimits {
  /** US dollars, what the run spent before it was taken up again among them. */
  readonly maxUsd?: number
  /** Milliseconds since the launch. */
  readonly maxMs?: number
}

/** The run has used up what it may, or its machine. It can be taken up again with more. */
export class UsedUpError extends Error {
  override readonly name = 'UsedUpError'
}

/** Watches what a run uses up. */
export interface Budget {
  /** Aborts with a `UsedUpError` once it is used up. */
  readonly signal: AbortSignal
  /** Told of what the machine has no more of. */
  readonly stop: (why: string) => void
  /** Asked before an agent starts: aborts the signal at once when no more may be spent. */
  readonly check: (queue: Queue) => void
  /** US dollars that are left; undefined when there is no limit. */
  readonly left: (queue: Queue) => number | undefined
}

export interface BudgetOptions {
  readonly limits: RunLimits
  readonly clock: Clock
  /** Milliseconds since the epoch. */
  readonly launchedAt: number
  /** Ends the watching. */
  readonly over: AbortSignal
}

/** A sum that is not known cannot be held to a limit, so a run with a limit in dollars stops at it. */
export function budgetOf({ limits, clock, launchedAt, over }: BudgetOptions): Budget {
  const { maxUsd, maxMs } = limits
  const spent = new AbortController()
  const stop = (why: string): void => spent.abort(new UsedUpError(why))
  if (maxMs !== undefined) {
    void clock.sleep(Math.max(0, launchedAt + maxMs - clock.now()), over).then((elapsed) => {
      if (elapsed) stop(`The run took ${maxMs / 60_000} minutes, which is the limit`)
    })
  }
  return {
    signal: spent.signal,
    stop,
    left: (queue) => (maxUsd === undefined ? undefined : Math.max(0, maxUsd - queue.spent.usd)),
    check: ({ spent: { usd, unpriced } }) => {
      if (maxUsd === undefined) return
      if (unpriced.size > 0) {
        stop(`What ${[...unpriced].join(', ')} cost is not known, so the limit of $${maxUsd} cannot be held`)
      }
      if (usd >= maxUsd) stop(`The run spent $${usd.toFixed(4)}, and $${maxUsd} is the limit`)
    },
  }
}

/** Why the run was told to stop before its end; undefined when nobody told it. */
export function stopOf(interrupted: AbortSignal, budget: Budget): Stop | undefined {
  if (interrupted.aborted) return { kind: 'interrupted' }
  const why: unknown = budget.signal.reason
  return why instanceof UsedUpError ? { kind: 'used-up', why: why.message } : undefined
}
