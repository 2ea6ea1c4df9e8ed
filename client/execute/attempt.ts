import type { Usage } from '../../schemas/run-event.ts'
import type { Clock } from '../clock.ts'
import type { AgentHarness, AgentJob, AgentOutcome, Decision, ToolCall } from '../harness/harness.ts'
import { sumOf } from '../models/cost.ts'
import type { Failure } from '../queue/task.ts'
import { UsedUpError } from './budget.ts'
import { failureOf } from './failure.ts'
import { faultIn, machineWatch } from './machine-fault.ts'
import { stallWatch } from './stall.ts'

/** A job as far as it is known before its attempt starts. */
export type Assignment = Omit<AgentJob, 'signal'>

export interface Ending {
  /** Why the agent ended early; null when it simply stopped. */
  readonly failure: Failure | null
  /** True when the agent did not stop when told to: it may still be at work, so nobody follows it. */
  readonly lost: boolean
  /** What the machine could not do for the agent, and did not do for it later. */
  readonly machine?: string
  readonly retryAfterMs?: number
  readonly spent: Spent
}

/** What an attempt used. */
export interface Spent {
  readonly turns: number
  /** One entry a model. */
  readonly usage: Usage[]
  /** US dollars; absent when the price of any request is not known. */
  readonly usd?: number
}

export interface AttemptOptions {
  readonly harness: AgentHarness
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Milliseconds an agent has to stop once it was told to. */
  readonly grace?: number
}

const GRACE = 10_000
/** Nobody follows an agent of a run that is interrupted, so nobody waits for it any longer. */
const GRACE_OF_INTERRUPTED = 2000
/** No provider is waited for longer, whatever it asks for. */
const LONGEST_WAIT_MS = 600_000

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
  const { timeoutMs, stallMs } = assignment.limits
  const lost = Promise.withResolvers<'lost'>()
  const waitFor = async (ms: number): Promise<void> => {
    if (await clock.sleep(ms, over.signal)) lost.resolve('lost')
  }
  const interrupt = (): void => {
    tell(interruption(signal.reason))
    void waitFor(Math.min(grace, GRACE_OF_INTERRUPTED))
  }
  stop.signal.addEventListener('abort', () => void waitFor(grace))
  signal.addEventListener('abort', interrupt)
  if (signal.aborted) interrupt()
  void clock.sleep(timeoutMs, over.signal).then((elapsed) => {
    if (elapsed) tell({ kind: 'timeout', message: `it did not end within ${timeoutMs / 1000} s` })
  })
  const authorize = stoppingAt(assignment.authorize, tell)
  const machine = machineWatch(assignment.onEvent)
  const onEvent = stallWatch({
    ...{ onEvent: machine.onEvent, clock, stallMs, over: over.signal },
    onStall: () => tell({ kind: 'timeout', message: `it gave no sign of life for ${stallMs / 1000} s` }),
  })
  const outcome = await Promise.race([
    lost.promise,
    outcomeOf(harness, { ...assignment, authorize, onEvent, signal: stop.signal }),
  ])
  over.abort()
  signal.removeEventListener('abort', interrupt)
  const ending = endingOf(outcome, told, { ...assignment, harness })
  const fault = machine.fault() ?? faultIn(ending.failure?.message)
  return fault === undefined ? ending : { ...ending, machine: fault }
}

/** Why a run tells its agents to stop: never a fault of theirs. */
function interruption(reason: unknown): Failure {
  const message = reason instanceof UsedUpError ? reason.message : 'the run was interrupted'
  return { kind: 'cancelled', message }
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

function endingOf(
  outcome: AgentOutcome | 'lost',
  told: Failure | undefined,
  { costOf, model, harness }: Pick<Assignment, 'costOf' | 'model'> & Pick<AttemptOptions, 'harness'>,
): Ending {
  if (outcome === 'lost') {
    const failure = told ?? { kind: 'timeout', message: 'it did not end' }
    return { failure: deaf(failure), lost: true, spent: untold(model, harness) }
  }
  const { turns, usage, retryAfterMs, isLost: lost = false } = outcome
  const failure = withCutWait(told ?? unasked(failureOf(outcome, model)), retryAfterMs)
  const usd = sumOf(usage, costOf)
  const spent = { turns, usage: byModel(usage), ...(usd === undefined ? {} : { usd }) }
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(retryAfterMs, LONGEST_WAIT_MS) }
  return { failure: lost && failure ? deaf(failure) : failure, lost, spent, ...wait }
}

function deaf(failure: Failure): Failure {
  return { ...failure, message: `${failure.message}, and the agent did not stop when told to` }
}

/** What an agent used that nobody hears from again: something, unless no model was asked. */
export function untold(model: string, { models }: Pick<AgentHarness, 'models'>): Spent {
  if (models.kind === 'own') return { turns: 0, usage: [] }
  const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
  return { turns: 0, usage: [{ model, ...none, isCut: true }], usd: 0 }
}

/** Says so where a provider asks for more patience than there is. */
function withCutWait(failure: Failure | null, retryAfterMs = 0): Failure | null {
  if (failure === null || retryAfterMs <= LONGEST_WAIT_MS) return failure
  const asked = `it asked to be left alone for ${Math.round(retryAfterMs / 1000)} s`
  return { ...failure, message: `${failure.message}; ${asked}, which is cut to ${LONGEST_WAIT_MS / 1000} s` }
}

function byModel(usage: readonly Usage[]): Usage[] {
  const sums = new Map<string, Usage>()
  for (const { model, input, output, cacheRead, cacheWrite, isCut } of usage) {
    const before: Usage = sums.get(model) ?? { model, input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
    sums.set(model, {
      model,
      input: before.input + input,
      output: before.output + output,
      cacheRead: before.cacheRead + cacheRead,
      cacheWrite: before.cacheWrite + cacheWrite,
      ...((isCut ?? before.isCut) ? { isCut: true as const } : {}),
    })
  }
  return [...sums.values()]
}

/** An agent that says it was aborted, though nobody told it to stop, has crashed. */
function unasked(failure: Failure | null): Failure | null {
  return failure?.kind === 'cancelled' ? { ...failure, kind: 'crash' } : failure
}
