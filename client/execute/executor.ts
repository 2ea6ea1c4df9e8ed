import type { Clock } from '../clock.ts'
import type { Ledger } from '../queue/ledger.ts'
import { type Failure, type Queue, runnable, type Task, taskOf } from '../queue/queue.ts'
import type { Ending } from './attempt.ts'
import { backoffOf, isRetried, verdictOn } from './failure.ts'

/** A task whose attempt has started, with what its prompt needs to know. */
export interface Start {
  /** As it was just before the attempt, so that a retry knows what the last one left. */
  readonly task: Task
  readonly attempt: number
  readonly model: string
}

export interface DrainOptions {
  readonly ledger: Ledger
  readonly concurrency: number
  /** Resolves when nothing more will be planned. Contract: never rejects. */
  readonly planning: Promise<void>
  /** True for tasks that wait until planning has ended. */
  readonly isHeld: (task: Task) => boolean
  readonly modelOf: (task: Task, lost: ReadonlySet<string>) => string
  /** What stands in for a model that could not be had. */
  readonly standIn: (model: string, lost: ReadonlySet<string>) => string | undefined
  /** Runs one agent. Contract: never rejects, and resolves only when the agent has ended. */
  readonly attempt: (start: Start) => Promise<Ending>
  /** Asked before a task starts: aborts `signal` when none may any more. */
  readonly check: (queue: Queue) => void
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Contract: aborts when the ledger is broken. */
  readonly signal: AbortSignal
  /** Told of what nobody expected: it should abort `signal`, so that every agent ends. */
  readonly onFault: (error: unknown) => void
}

/**
 * Runs tasks as soon as what they depend on is met, while planning goes on, never more at once than
 * `concurrency`. Resolves when nothing runs and nothing more can; no agent is at work any more by then.
 */
export async function drain(options: DrainOptions): Promise<void> {
  const slots = new Set<string>()
  const bell = bellOf()
  let planning = true

  const work = async (id: string): Promise<void> => {
    try {
      await runTask(id, { ...options, vacate: () => vacate(id) })
    } catch (error) {
      options.onFault(error)
    }
    vacate(id)
  }
  const vacate = (id: string): void => {
    slots.delete(id)
    bell.ring()
  }

  options.ledger.subscribe(bell.ring)
  options.signal.addEventListener('abort', bell.ring)
  void options.planning.then(() => {
    planning = false
    bell.ring()
  })
  for (;;) {
    options.check(options.ledger.head())
    while (!options.signal.aborted && slots.size < options.concurrency) {
      const id = next(
        options.ledger.head(),
        (task) => slots.has(task.spec.id) || (planning && options.isHeld(task)),
      )
      if (id === undefined) break
      // The slot is taken before the work starts, which may come to its end at once.
      slots.add(id)
      void work(id)
    }
    if (slots.size === 0 && (!planning || options.signal.aborted)) break
    await bell.rung()
  }
  options.signal.removeEventListener('abort', bell.ring)
}

function next(queue: Queue, isTaken: (task: Task) => boolean): string | undefined {
  for (const id of runnable(queue)) {
    const task = taskOf(queue, id)
    if (task && !isTaken(task)) return id
  }
  return undefined
}

interface RunTask extends DrainOptions {
  /** Gives the slot away; called as soon as the end of the last attempt is decided. */
  readonly vacate: () => void
}

/** One attempt after the other, in the same slot: while a provider wants to be left alone, nobody else bothers it. */
async function runTask(id: string, options: RunTask): Promise<void> {
  while (!options.signal.aborted) {
    options.check(options.ledger.head())
    const start = begin(id, options)
    if (!start) return
    const ending = await options.attempt(start)
    await reportWritten(id, options.ledger)
    const { failure, delay } = conclude(start, ending, options)
    // A failure is on disk before anything else comes of the task, so that none is forgotten and tried once too often.
    if (failure) await written(options.ledger)
    if (delay === undefined) return options.vacate()
    if (delay > 0) await options.clock.sleep(delay, options.signal)
  }
}

/** Undefined when the task was cancelled while it waited for its next attempt. */
function begin(id: string, { ledger, modelOf }: RunTask): Start | undefined {
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

function conclude({ task, attempt }: Start, ending: Ending, options: RunTask): Conclusion {
  const { id, maxAttempts } = task.spec
  return options.ledger.note((head) => {
    const state = taskOf(head, id)?.state
    const report = state?.status === 'running' ? state.report : undefined
    const { failure, standIn } = settledFailure(verdictOn(report, ending.failure), head.lostModels, options)
    const interrupted = failure?.kind === 'cancelled'
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

/** Where a model could not be had, its failure tells what takes its place. */
export function settledFailure(
  failure: Failure | null,
  lost: ReadonlySet<string>,
  { standIn: find }: Pick<DrainOptions, 'standIn'>,
): { readonly failure: Failure | null; readonly standIn: string | undefined } {
  const model = failure?.lostModel
  if (failure === null || model === undefined) return { failure, standIn: undefined }
  const standIn = find(model, new Set(lost).add(model))
  const what = standIn === undefined ? 'nothing stands in for it' : `"${standIn}" takes its place`
  return { failure: { ...failure, message: `${failure.message}; ${what}` }, standIn }
}

interface Bell {
  readonly ring: () => void
  /** Resolves at the next ring, or at once when it rang since the last time someone asked. */
  readonly rung: () => Promise<void>
}

function bellOf(): Bell {
  let pending = Promise.withResolvers<void>()
  return {
    ring: () => pending.resolve(),
    rung: async () => {
      await pending.promise
      pending = Promise.withResolvers<void>()
    },
  }
}
