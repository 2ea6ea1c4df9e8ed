/** Where every thread begins: what was compiled once is not compiled again by each of them. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { workerData } from 'node:worker_threads'

/** What a thread is told at its start. */
export interface ThreadStart {
  readonly script: string
  /** Folder of what was compiled; undefined when this process keeps none. */
  readonly cache: string | undefined
  readonly data: unknown
}

const { script, cache } = workerData as ThreadStart
if (cache !== undefined) enableCompileCache(cache)
await import(script)
if (cache !== undefined) flushCompileCache()
