import type { EventDraft } from '../queue/ledger.ts'
import { type Queue, tasksOf } from '../queue/queue.ts'
import { isRetried, verdictOn } from './failure.ts'

/**
 * The events that take a stopped run up again. An attempt whose report was acknowledged is settled by it;
 * one without goes back to pending, and is not counted as failed. What is over stays over.
 */
export function resumption(queue: Queue, launchedAt: number): EventDraft[] {
  const events: EventDraft[] = [{ e: 'run-resumed', launchedAt }]
  for (const { spec, state, failures } of tasksOf(queue)) {
    if (state.status !== 'running') continue
    const failure = verdictOn(state.report, { kind: 'cancelled', message: 'the run was interrupted' })
    const retry = failure !== null && isRetried(failure, failures, spec.maxAttempts)
    events.push({
      e: 'attempt-ended',
      id: spec.id,
      attempt: state.attempts,
      failure,
      retry,
      turns: 0,
      usage: [],
    })
  }
  return events
}
