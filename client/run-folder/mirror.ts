import type { RunEvent } from '../../schemas/run-event.ts'
import type { Clock } from '../clock.ts'
import { blockedBy, dependenciesOf, type Queue, taskOf, tasksOf } from '../queue/queue.ts'

export interface MirrorOptions {
  readonly queue: () => Queue
  /** Replaces a file of the run folder, whole or not at all. */
  readonly write: (path: string, text: string) => Promise<void>
  readonly clock: Clock
}

/** Keeps readable files beside the journal. They lag behind it and are never read back. */
export interface Mirror {
  readonly onEvent: (event: RunEvent) => void
  /** Writes what is still to be written, and what could not be written before. @throws the error of a write that met one even then */
  readonly close: () => Promise<void>
}

const PAUSE = 100
/** Writing takes at most one part in so many of the time, however large the queue. */
const SHARE = 20
const AT_ONCE = 16

/** Writes `queue.json` now and then, and `handoffs/<id>.json` for each task that left one. */
export function mirrorOf({ queue, write, clock }: MirrorOptions): Mirror {
  const closing = new AbortController()
  let stale = false
  // What was on its way when the run was stopped is written by who takes it up again.
  let handoffs = new Set([...tasksOf(queue())].map(({ spec }) => spec.id))
  let pumping: Promise<void> | undefined
  let failure: unknown

  const writeOnce = async (): Promise<void> => {
    stale = false
    const ids = [...handoffs]
    handoffs = new Set()
    try {
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => writeHandoff(queue(), id, write)))
      }
      await write('queue.json', `${JSON.stringify(summaryOf(queue()), null, 2)}\n`)
      failure = undefined
    } catch (error) {
      failure = error
      for (const id of ids) handoffs.add(id)
    }
  }
  const pump = async (): Promise<void> => {
    while (stale) {
      const from = clock.now()
      await writeOnce()
      await clock.sleep(Math.max(PAUSE, SHARE * (clock.now() - from)), closing.signal)
    }
    pumping = undefined
  }

  return {
    onEvent: (event) => {
      if (event.e === 'attempt-ended') handoffs.add(event.id)
      stale = true
      // A microtask later: whoever tells of an event does not wait for the text to be made.
      pumping ??= Promise.resolve().then(pump)
    },
    close: async () => {
      closing.abort()
      await pumping
      if (failure !== undefined) await writeOnce()
      if (failure !== undefined) throw failure
    },
  }
}

async function writeHandoff(queue: Queue, id: string, write: MirrorOptions['write']): Promise<void> {
  const state = taskOf(queue, id)?.state
  const handoff = state && 'handoff' in state ? state.handoff : undefined
  if (handoff) await write(`handoffs/${id}.json`, `${JSON.stringify(handoff, null, 2)}\n`)
}

function summaryOf(queue: Queue): object {
  return {
    run: queue.started?.run,
    flow: queue.started?.flow,
    release: queue.started?.release,
    planning: queue.planning,
    verdict: queue.finished?.verdict ?? null,
    counts: queue.counts,
    tasks: [...tasksOf(queue)].map(({ spec, state }) => {
      const { status, ...rest } = withoutHandoffs(state)
      const cause = blockedBy(queue, spec.id)
      const dependsOn = dependenciesOf(queue, spec.id)
      return {
        ...spec,
        dependsOn,
        status: cause === null ? status : 'blocked',
        ...rest,
        ...(cause && { blockedBy: cause }),
      }
    }),
  }
}

/** Handoffs have files of their own. */
function withoutHandoffs<S extends { status: string }>(state: S): { status: string } {
  return Object.fromEntries(
    Object.entries(state).filter(([key]) => !['handoff', 'lastHandoff', 'report'].includes(key)),
  ) as { status: string }
}
