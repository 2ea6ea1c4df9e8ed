import type { Clock } from '../clock.ts'
import type { AgentHarness, AgentJob, AgentOutcome, Decision, ToolCall } from '../harness/harness.ts'
import type { Failure } from '../queue/task.ts'
import { failureOf } from './failure.ts'

/** A job as far as it is known before its attempt starts. */
export type Assignment = Omit<AgentJob, 'signal'>

export interface Ending {
  /** Why the agent ended early; null when it simply stopped. */
  readonly failure: Failure | null
  /** True when the agent did not stop when told to: it may still be at work, so nobody follows it. */
  readonly lost: boolean
  readonly retryAfterMs?: number
  readonly spent: Pick<AgentOutcome, 'turns' | 'usage' | 'usd'>
}

export interface AttemptOptions {
  readonly harness: AgentHarness
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Milliseconds an agent has to stop once it was told to. */
  readonly grace?: number
}

const GRACE = 10_000

/** Runs one fresh agent to its end, and never longer than its time limit and the grace. Never rejects. */
export async function attempt(assignment: Assignment, options: AttemptOptions): Promise<Ending> {
  const { harness, clock, signal, grace = GRACE } = options
  const stop = new AbortController()
  const over = new AbortController()
  let told: Failure | undefined
  const tell = (failure: Failure): void => {
    told ??= failure
    stop.abort(new Error(told.message))
  }
  const interrupt = (): void => tell({ kind: 'cancelled', message: 'the run was interrupted' })
  const { timeoutMs } = assignment.limits

  const lost = new Promise<'lost'>((resolve) => {
    stop.signal.addEventListener('abort', async () => {
      if (await clock.sleep(grace, over.signal)) resolve('lost')
    })
  })
  signal.addEventListener('abort', interrupt)
  if (signal.aborted) interrupt()
  void clock.sleep(timeoutMs, over.signal).then((elapsed) => {
    if (elapsed) tell({ kind: 'timeout', message: `it did not end within ${timeoutMs / 1000} s` })
  })
  const authorize = stoppingAt(assignment.authorize, tell)
  const outcome = await Promise.race([
    lost,
    outcomeOf(harness, { ...assignment, authorize, signal: stop.signal }),
  ])
  over.abort()
  signal.removeEventListener('abort', interrupt)
  return endingOf(outcome, told)
}

/** Starts in a later microtask, so that a harness that throws at once is a crash like any other. */
async function outcomeOf(harness: AgentHarness, job: AgentJob): Promise<AgentOutcome> {
  try {
    return await harness.run(job)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { end: 'crash', message, turns: 0, usage: [], ms: 0 }
  }
}

/** A decision may not only deny a call but end the attempt; a decision that cannot be had denies. */
function stoppingAt(
  authorize: AgentJob['authorize'],
  tell: (failure: Failure) => void,
): (call: ToolCall) => Promise<Decision> {
  return async (call) => {
    const decision = await authorize(call)
    if (!decision.allow && decision.stop) tell({ kind: 'security', message: decision.reason })
    return decision
  }
}

function endingOf(outcome: AgentOutcome | 'lost', told: Failure | undefined): Ending {
  if (outcome === 'lost') {
    const failure = told ?? { kind: 'timeout', message: 'it did not end' }
    const message = `${failure.message}, and the agent did not stop when told to`
    return { failure: { ...failure, message }, lost: true, spent: { turns: 0, usage: [] } }
  }
  const { turns, usage, usd, retryAfterMs } = outcome
  const failure = told ?? unasked(failureOf(outcome))
  const spent = { turns, usage, ...(usd === undefined ? {} : { usd }) }
  return { failure, lost: false, spent, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** An agent that says it was aborted, though nobody told it to stop, has crashed. */
function unasked(failure: Failure | null): Failure | null {
  return failure?.kind === 'cancelled' ? { ...failure, kind: 'crash' } : failure
}
