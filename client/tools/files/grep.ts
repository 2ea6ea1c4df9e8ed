import { Worker } from 'node:worker_threads'
import type { HostTool } from '../../harness/harness.ts'
import { inputSchema, parseInput } from './input.ts'
import { placeWithoutSecrets } from './secret-free.ts'

const TIME_LIMIT_MS = 10_000

/** Searches the project's files by a regular expression, in a thread that can be stopped. */
export function grepTool(cwd: string, timeLimitMs = TIME_LIMIT_MS): HostTool {
  return {
    name: 'Grep',
    description:
      'Search text files of the project, line by line, by a JavaScript regular expression. Answers "path:line: text". Installed and generated folders, binary files and environment values are left out.',
    input: inputSchema('Grep'),
    run: async (input, signal) => {
      const { pattern, path, glob } = parseInput('Grep', input)
      readable(pattern)
      const place = await placeWithoutSecrets(cwd, path ?? '.')
      const search = { root: place.path, prefix: place.relative, pattern, ...(glob ? { glob } : {}) }
      const worker = new Worker(new URL('./grep-worker.ts', import.meta.url), { workerData: search })
      try {
        return await answerOf(worker, AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]))
      } finally {
        await worker.terminate()
      }
    },
  }
}

function readable(pattern: string): void {
  try {
    new RegExp(pattern)
  } catch (cause) {
    throw new SyntaxError(`Cannot search for ${JSON.stringify(pattern)}: expected a regular expression`, {
      cause,
    })
  }
}

function answerOf(worker: Worker, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('Cannot finish the search in time: expected a simpler pattern'))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    worker.once('message', (answer: string) => resolve(answer))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('Cannot finish the search: it ended early')))
  })
}
