import { type Queue, runnable, type Task, taskOf } from '../queue/queue.ts'
import { type AttemptTaskOptions, attemptTask } from './task-attempts.ts'

export interface DrainOptions extends Omit<AttemptTaskOptions, 'vacate'> {
  readonly concurrency: number
  /** Resolves when nothing more will be planned. Contract: never rejects. */
  readonly planning: Promise<void>
  /** True for tasks that wait until planning has ended. */
  readonly isHeld: (task: Task) => boolean
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
      await attemptTask(id, { ...options, vacate: () => vacate(id) })
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
