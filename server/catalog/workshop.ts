import { Worker } from 'node:worker_threads'
import type { Release } from '../../build/release.ts'
import type { Task } from './tasks.ts'

/** What the worker is told. */
export type Order =
  | { readonly kind: 'hold'; readonly release: Release }
  | { readonly kind: 'drop'; readonly release: string }
  | { readonly kind: 'do'; readonly task: Task }

/** What the worker says to a task. */
export type Answer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string }

/** One thing to be done, with the releases that it names and the time it may take. */
export interface Job {
  readonly task: Task
  readonly releases: readonly Release[]
  readonly limitMs: number
}

/** A place where work is done one piece after the other, and ended when it takes too long. */
export interface Workshop {
  /** What came out; undefined when it took too long, could not be done, or too much was waiting. */
  readonly run: (job: Job) => Promise<string | undefined>
}

/** Jobs that may wait. */
const MAX_WAITING = 64
/** Releases that the worker keeps at hand. */
const MAX_HELD = 3
/** A worker that has nothing to do goes, and its memory with it. */
const IDLE_MS = 30_000
/** What a worker may take until it is ready is not counted against its first job. */
const START_MS = 10_000
const HEAP_MB = 512

/** Opens a workshop; its worker starts with the first job, and keeps no process alive. */
export function openWorkshop(): Workshop {
  let bench: WorkBench | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let idle: NodeJS.Timeout | undefined

  const close = () => {
    void bench?.worker.terminate()
    bench = undefined
  }
  const next = async (job: Job) => {
    clearTimeout(idle)
    bench ??= startBench()
    const done = await bench.perform(job)
    if (done === 'broken') close()
    idle = setTimeout(close, IDLE_MS).unref()
    return done === 'broken' || !done.ok ? undefined : done.text
  }
  return {
    run: async (job) => {
      if (waiting >= MAX_WAITING) return undefined
      waiting += 1
      const turn = last.then(() => next(job)).finally(() => (waiting -= 1))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

interface WorkBench {
  readonly worker: Worker
  /** Contract: rejects never; `broken` when the worker is of no use any more. */
  readonly perform: (job: Job) => Promise<Answer | 'broken'>
}

function startBench(): WorkBench {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  worker.unref()
  // It says when it is ready; one that never says so is found broken by its first job.
  const started = new Promise<void>((resolve) => {
    worker.once('message', () => resolve()).on('error', () => resolve())
    setTimeout(resolve, START_MS).unref()
  })
  const held = new Set<string>()
  const tell = (order: Order) => worker.postMessage(order)
  const hold = (release: Release) => {
    const { id, index, artifacts } = release
    if (!held.has(id)) tell({ kind: 'hold', release: { id, index, artifacts } })
    held.delete(id)
    held.add(id)
    for (const oldest of held) {
      if (held.size <= MAX_HELD) break
      held.delete(oldest)
      tell({ kind: 'drop', release: oldest })
    }
  }
  return {
    worker,
    perform: async ({ task, releases, limitMs }) => {
      await started
      for (const release of releases) hold(release)
      return await answered(worker, limitMs, () => tell({ kind: 'do', task }))
    },
  }
}

function answered(worker: Worker, limitMs: number, ask: () => void): Promise<Answer | 'broken'> {
  return new Promise((resolve) => {
    const end = (outcome: Answer | 'broken') => {
      clearTimeout(timer)
      worker.off('message', end).off('error', broken).off('exit', broken)
      resolve(outcome)
    }
    const broken = () => end('broken')
    const timer = setTimeout(broken, limitMs)
    worker.on('message', end).on('error', broken).on('exit', broken)
    ask()
  })
}
