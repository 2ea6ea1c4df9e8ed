import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
import { CommandError } from '../../schemas/cli.ts'
import type { Reply } from './answer.ts'
import type { ThreadStart } from './thread-entry.ts'

/** Work that is done beside the requests, in a thread that is replaced when it dies. */
export interface Thread<Question, Answer> {
  /** @throws {ThreadEndedError} when the thread dies over it; the next question starts another one. */
  readonly ask: (question: Question) => Promise<Answer>
  readonly close: () => Promise<void>
}

export interface ThreadOptions<Told> {
  readonly script: URL
  /** What the thread finds as the `data` of its {@link ThreadStart}. */
  readonly data: unknown
  /** Told what the thread says without being asked. Must not throw. */
  readonly onTold: (told: Told) => void
  /** Told that the thread has died by itself. Must not throw. */
  readonly onDeath: (death: ThreadEndedError) => void
  /** Once it aborts, every question is answered by its reason. */
  readonly signal: AbortSignal
  /** A thread that gives no sign of life for so long is ended. */
  readonly silenceMs?: number
  /** Asked when it has had nothing to do for {@link ThreadOptions.restMs}: whether it may go, and its memory with it. */
  readonly mayGo?: () => boolean
  readonly restMs?: number
  /** Heap of the thread; by default what Node gives to any. */
  readonly memoryMb?: number
}

/** A thread has ended before it answered. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError'
}

/** A build of 50,000 documents is done in less, and gives no sign of life meanwhile. */
const SILENCE_MS = 300_000

/** Who asks several things in a row asks the same thread. */
const REST_MS = 5_000

/** Room for what lives shortly: what Node gives to any thread is kept for good, whether it is needed or not. */
const YOUNG_MB = 16

const ENTRY = new URL('./thread-entry.ts', import.meta.url)

interface Asked<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** The thread itself is started by the first question. */
export function openThread<Question, Answer, Told = never>(
  options: ThreadOptions<Told>,
): Thread<Question, Answer> {
  const { signal, silenceMs = SILENCE_MS, restMs = REST_MS, mayGo = () => false } = options
  const asked = new Map<number, Asked<Answer>>()
  let running: Running | undefined
  let count = 0
  const rejectAll = (error: unknown) => {
    for (const { reject } of asked.values()) reject(error)
    asked.clear()
  }
  const died = (reason: string) => {
    if (running === undefined) return
    void stop(running)
    running = undefined
    const death = new ThreadEndedError(`it ${reason}`)
    rejectAll(death)
    options.onDeath(death)
  }
  const heard = (reply: Reply<Answer, Told>) => {
    running?.silence.refresh()
    if (reply.kind === 'told') options.onTold(reply.told)
    if (reply.kind !== 'answer' && reply.kind !== 'refusal') return
    const one = asked.get(reply.id)
    asked.delete(reply.id)
    if (reply.kind === 'answer') one?.resolve(reply.answer)
    else one?.reject(errorOf(reply))
    rest.refresh()
  }
  /** Nobody is told: whoever asks next finds another thread, as if there had never been one. */
  const rest = setTimeout(() => {
    if (asked.size > 0 || running === undefined || !mayGo()) return
    void stop(running)
    running = undefined
  }, restMs).unref()
  const start = (): Running => {
    const worker = workerOf(options)
    const silence = setTimeout(() => died(`said nothing for ${silenceMs / 1000} s`), silenceMs).unref()
    const mine = { worker, silence }
    const ifMine = (reason: string) => running === mine && died(reason)
    worker.on('message', (reply: Reply<Answer, Told>) => running === mine && heard(reply))
    worker.on('error', (error) => ifMine(reasonOf(error)))
    worker.on('exit', () => ifMine('ended early'))
    return mine
  }
  signal.addEventListener('abort', () => rejectAll(signal.reason), { once: true })
  return {
    ask: (question) => {
      if (signal.aborted) return Promise.reject(signal.reason)
      running ??= start()
      count += 1
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      asked.set(count, { resolve, reject })
      running.worker.postMessage({ id: count, question })
      return promise
    },
    close: async () => {
      const last = running
      running = undefined
      rejectAll(new ThreadEndedError('it was closed'))
      if (last !== undefined) await stop(last)
    },
  }
}

function workerOf({ script, data, memoryMb }: ThreadOptions<never>): Worker {
  const start: ThreadStart = { script: script.href, cache: getCompileCacheDir(), data }
  return new Worker(ENTRY, {
    workerData: start,
    resourceLimits: {
      maxYoungGenerationSizeMb: YOUNG_MB,
      ...(memoryMb === undefined ? {} : { maxOldGenerationSizeMb: memoryMb }),
    },
  })
}

interface Running {
  readonly worker: Worker
  readonly silence: NodeJS.Timeout
}

async function stop({ worker, silence }: Running): Promise<void> {
  clearTimeout(silence)
  await worker.terminate()
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'ran out of memory' : `crashed: ${message}`
}

function errorOf({ command, message, stack }: Extract<Reply<never, never>, { kind: 'refusal' }>): Error {
  if (command !== undefined) return new CommandError(command.code, message, { exit: command.exit })
  return Object.assign(new Error(message), { stack })
}
