import type { AgentOutcome, EndReason } from '../harness.ts'
import type { ResultMessage } from './messages.ts'

export type Ending = Pick<AgentOutcome, 'end' | 'message' | 'isModelLost' | 'retryAfterMs'>

/** How an agent ended by what its program says last. */
export function endingOf(result: ResultMessage): Ending {
  const { subtype, is_error, api_error_status: status } = result
  if (subtype === 'success' && !is_error) return { end: 'done' }
  const message = result.errors?.join('; ') || result.result || `the program ended with "${subtype}"`
  if (subtype !== 'success') return { end: END_OF[subtype] ?? 'crash', message }
  if (status === 404) return { end: 'api-error', message, isModelLost: true }
  return { end: endOfStatus(status), message }
}

const END_OF: Readonly<Record<string, EndReason>> = {
  error_max_turns: 'max-turns',
  error_max_budget_usd: 'budget',
  error_during_execution: 'api-error',
}

function endOfStatus(status: number | null | undefined): EndReason {
  if (status === 401 || status === 403) return 'auth'
  return status === 429 ? 'rate-limit' : 'api-error'
}
