import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { HAS_STRACE } from './child.ts'
import { scratch } from './stores.ts'

const PUBLISHER = fileURLToPath(new URL('./publisher.ts', import.meta.url))

/** What was not on disk when a name was given to it, or when a pointer led to it. */
function judged(trace: string): { readonly pointers: number; readonly early: readonly string[] } {
  const synced = new Set<string>()
  const unsettled = new Set<string>()
  const early: string[] = []
  let pointers = 0
  for (const line of trace.split('\n')) {
    const [, path] = /\bf(?:data)?sync\(\d+<([^>]+)>/.exec(line) ?? []
    if (path !== undefined) {
      synced.add(path)
      unsettled.delete(path)
    }
    const [, from = '', to] = /\brename\("([^"]+)", "([^"]+)"/.exec(line) ?? []
    if (to === undefined) continue
    // What is made from an artifact is made again where it is lost.
    if (!/\.(br|gz)$/.test(to) && !synced.has(from)) early.push(to)
    synced.delete(from)
    if (to.includes('/channels/')) {
      pointers += 1
      early.push(...unsettled)
    }
    unsettled.add(dirname(to))
  }
  return { pointers, early }
}

test.skipIf(!HAS_STRACE)(
  'publish() syncs each file before it has its name, and all of them before a pointer leads there',
  () => {
    const [store, logs] = [scratch(), scratch()]
    const trace = join(logs, 'trace')
    const watched = ['-f', '-qq', '-y', '-s', '1000', '-e', 'trace=fsync,fdatasync,rename', '-o', trace]
    const { status } = spawnSync('strace', [...watched, process.execPath, PUBLISHER, store], {
      // One thread for the disk, so that what is traced stands in its order.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      input: 'dev one two\ndev one three\n',
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    expect(status).toBe(0)
    expect(judged(readFileSync(trace, 'utf8'))).toEqual({ pointers: 2, early: [] })
  },
)
