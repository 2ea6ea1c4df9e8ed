import type { Clock } from '../clock.ts'
import type { Ledger } from '../queue/ledger.ts'
import { type Failure, type Queue, type Task, taskOf } from '../queue/queue.ts'
import type { Ending } from './attempt.ts'
import { backoffOf, blamed, isRetried, verdictOn } from './failure.ts'

/** A task whose attempt has started, with what its prompt needs to know. */
export interface Start {
  /** As it was just before the attempt, so that a retry knows what the last one left. */
  readonly task: Task
  readonly attempt: number
  readonly model: string
}

/** What attempts at a task need. */
export interface AttemptTaskOptions {
  readonly ledger: Ledger
  readonly modelOf: (task: Task, lost: ReadonlySet<string>) => string
  /** What stands in for a model that could not be had. */
  readonly standIn: (model: string, lost: ReadonlySet<string>) => string | undefined
  /** Runs one agent. Contract: never rejects, and resolves only when the agent has ended. */
  readonly attempt: (start: Start) => Promise<Ending>
  /** Asked before a task starts: aborts `signal` when none may any more. */
  readonly check: (queue: Queue) => void
  /** Told what the machine has no more of: it should abort `signal`, since the next agent would not have it either. */
  readonly onMachine: (why: string) => void
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Contract: aborts when the ledger is broken. */
  readonly signal: AbortSignal
  /** Gives the slot away; called as soon as the end of the last attempt is decided. */
  readonly vacate: () => void
}

/** One attempt after the other, in the same slot: while a provider wants to be left alone, nobody else bothers it. */
export async function attemptTask(id: string, options: AttemptTaskOptions): Promise<void> {
  for (;;) {
    options.check(options.ledger.head())
    await queuedForGood(id, options.ledger)
    const start = options.signal.aborted ? undefined : begin(id, options)
    if (!start) return
    const ending = await options.attempt(start)
    await reportWritten(id, options.ledger)
    const { failure, delay } = conclude(start, ending, options)
    if (failure) await settled(failure, options)
    if (delay === undefined) return options.vacate()
    if (delay > 0) await options.clock.sleep(delay, options.signal)
  }
}

/** A failure is on disk before anything else comes of the task, so that none is forgotten and tried once too often. */
async function settled(failure: Failure, { ledger, onMachine }: AttemptTaskOptions): Promise<void> {
  await written(ledger)
  if (failure.kind === 'machine') onMachine(machineSentence(failure))
}

/** Undefined when the task was cancelled while it waited for its next attempt. */
function begin(id: string, { ledger, modelOf }: AttemptTaskOptions): Start | undefined {
  return ledger.note((head) => {
    const task = taskOf(head, id)
    if (task?.state.status !== 'pending') return { events: [], answer: undefined }
    const start = { task, attempt: task.state.attempts + 1, model: modelOf(task, head.lostModels) }
    return {
      events: [{ e: 'task-started', id, attempt: start.attempt, model: start.model }],
      answer: start,
    }
  })
}

/** Nobody works on what could still be lost. */
async function queuedForGood(id: string, ledger: Ledger): Promise<void> {
  if (!taskOf(ledger.committed(), id)) await written(ledger)
}

/** Nobody goes by a report that could still be lost, also when its agent ended before it was acknowledged. */
async function reportWritten(id: string, ledger: Ledger): Promise<void> {
  const isReported = (queue: Queue): boolean => {
    const state = taskOf(queue, id)?.state
    return state?.status === 'running' && state.report !== undefined
  }
  if (isReported(ledger.head()) && !isReported(ledger.committed())) {
    await written(ledger)
  }
}

/** Resolves when all that was decided is on disk. */
function written(ledger: Ledger): Promise<void> {
  return ledger.transact(() => ({ events: [], answer: undefined }))
}

interface Conclusion {
  readonly failure: Failure | null
  /** Milliseconds until the next attempt; undefined when there is none. */
  readonly delay: number | undefined
}

function conclude({ task, attempt }: Start, ending: Ending, options: AttemptTaskOptions): Conclusion {
  const { id, maxAttempts } = task.spec
  return options.ledger.note((head) => {
    const state = taskOf(head, id)?.state
    const report = state?.status === 'running' ? state.report : undefined
    const { failure, standIn } = settledFailure(
      blamed(verdictOn(report, ending.failure), ending.machine),
      head.lostModels,
      options,
    )
    const interrupted = failure?.kind === 'cancelled' || failure?.kind === 'machine'
    const retry =
      failure !== null &&
      isRetried(failure, task.failures, maxAttempts) &&
      (failure.lostModel === undefined || standIn !== undefined) &&
      (!ending.lost || interrupted)
    const { retryAfterMs } = ending
    const wait = { failures: task.failures, retryAfterMs, random: options.random() }
    const { turns, usage, usd } = ending.spent
    const spent = { turns, usage: [...usage], ...(usd === undefined ? {} : { usd }) }
    return {
      events: [{ e: 'attempt-ended', id, attempt, failure, retry, ...spent }],
      answer: { failure, delay: retry ? backoffOf(failure, wait) : undefined },
    }
  })
}

/** Why a run stops whose machine cannot go on. */
export function machineSentence({ message }: Failure): string {
  return `The machine could not go on (${message}); make room and resume the run`
}

/** Where a model could not be had, its failure tells what takes its place. */
export function settledFailure(
  failure: Failure | null,
  lost: ReadonlySet<string>,
  { standIn: find }: Pick<AttemptTaskOptions, 'standIn'>,
): { readonly failure: Failure | null; readonly standIn: string | undefined } {
  const model = failure?.lostModel
  if (failure === null || model === undefined) return { failure, standIn: undefined }
  const standIn = find(model, new Set(lost).add(model))
  const what = standIn === undefined ? 'nothing stands in for it' : `"${standIn}" takes its place`
  return { failure: { ...failure, message: `${failure.message}; ${what}` }, standIn }
}
