import type { RunEvent } from '../../schemas/run-event.ts'
import type { Urgency } from './journal.ts'
import { apply, type Queue } from './queue.ts'

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never

/** An event before the ledger has stamped it. */
export type EventDraft = WithoutTime<RunEvent>

interface Decision<T> {
  readonly events: readonly EventDraft[]
  readonly answer: T
}

/** The one way to change a queue: decide, write, and only then act on it. */
export interface Ledger {
  /** What has been decided; the newest of it may not be on disk yet, so only decisions are made from it. */
  readonly head: () => Queue
  /** What is on disk. */
  readonly committed: () => Queue
  /**
   * Decides at once, on the head, and resolves with the answer when all it rests on is on disk.
   * Contract: rejects, and the transition has not happened, when it cannot be written or is not legal.
   */
  readonly transact: <T>(decide: (head: Queue) => Decision<T>) => Promise<T>
  /**
   * Decides at once, on the head, and answers at once: what is lost of it when the process dies was promised to nobody.
   * It is on disk soon, and before whatever is decided after it.
   */
  readonly note: <T>(decide: (head: Queue) => Decision<T>) => T
  /** Tells of every event once it is on disk, in order. Contract: a listener must not throw. */
  readonly subscribe: (listener: (event: RunEvent) => void) => void
  /** Aborts when something could not be written; nothing is decided after that. */
  readonly broken: AbortSignal
}

export interface LedgerOptions {
  readonly queue: Queue
  /** Contract: resolves when the events are durable, in the order of the calls. */
  readonly append: (events: readonly RunEvent[], urgency: Urgency) => Promise<void>
  readonly now: () => number
}

/** Keeps a queue and its journal in step. */
export function ledgerOf({ queue, append, now }: LedgerOptions): Ledger {
  let head = queue
  let committed = queue
  let durable: Promise<unknown> = Promise.resolve()
  /** True while the newest that was decided waits for something urgent. */
  let isUnhurried = false
  const listeners: ((event: RunEvent) => void)[] = []
  const broken = new AbortController()

  const write = async (events: readonly RunEvent[], next: Queue, urgency: Urgency): Promise<void> => {
    try {
      await append(events, urgency)
    } catch (error) {
      broken.abort(error)
      throw error
    }
    committed = next
    for (const event of events) for (const listener of listeners) listener(event)
  }

  const decided = <T>({ events: drafts, answer }: Decision<T>, urgency: Urgency): T => {
    const events = drafts.map((draft) => ({ ...draft, at: now() }) as RunEvent)
    head = events.reduce(apply, head)
    if (events.length > 0 || (urgency === 'now' && isUnhurried)) {
      isUnhurried = urgency === 'soon'
      durable = write(events, head, urgency)
      // Whoever waits for it is told; whoever does not hears of it by `broken`.
      durable.catch(() => undefined)
    }
    return answer
  }

  return {
    head: () => head,
    committed: () => committed,
    subscribe: (listener) => void listeners.push(listener),
    broken: broken.signal,
    note: (decide) => {
      broken.signal.throwIfAborted()
      return decided(decide(head), 'soon')
    },
    transact: async (decide) => {
      broken.signal.throwIfAborted()
      const answer = decided(decide(head), 'now')
      await durable
      return answer
    },
  }
}
