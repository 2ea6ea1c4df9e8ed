import type { AgentHarness } from '../harness/harness.ts'
import type { EventDraft } from '../queue/ledger.ts'
import { type Queue, tasksOf } from '../queue/queue.ts'
import { untold } from './attempt.ts'
import { isRetried, verdictOn } from './failure.ts'

/**
 * The events that take a stopped run up again. An attempt whose report was acknowledged is settled by it;
 * one without goes back to pending, and is not counted as failed; what it cost is not known. What is over stays over.
 */
export function resumption(
  queue: Queue,
  { launchedAt, harness }: { readonly launchedAt: number; readonly harness: AgentHarness },
): EventDraft[] {
  const isCut = queue.planning === 'running' && harness.models.kind !== 'own'
  const events: EventDraft[] = [{ e: 'run-resumed', launchedAt, ...(isCut ? { isCut } : {}) }]
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
      ...untold(state.model, harness),
    })
  }
  return events
}
