import { join } from 'node:path'
import { type ChokidarOptions, watch as chokidarWatch } from 'chokidar'

/** Something that watches until it is closed. */
export interface Watch {
  readonly close: () => Promise<void>
}

/** Told that something may have changed; what has, is for the listener to find out. Must not throw. */
export type Hint = () => void

const OPTIONS: ChokidarOptions = { ignoreInitial: true, followSymlinks: false, ignorePermissionErrors: true }

/** Hints of one burst that arrive within this time are one. */
const BURST_MS = 15

/** Watches where a repository keeps its branches. */
export function watchRefs(gitDir: string, hint: Hint): Promise<Watch> {
  const places = ['refs/heads', 'refs/remotes/origin/HEAD', 'packed-refs', 'reftable', 'HEAD']
  const options = { ...OPTIONS, ignored: (path: string) => path.endsWith('.lock') }
  return watchPaths(
    places.map((place) => join(gitDir, place)),
    options,
    hint,
  )
}

/** Does some work again and again, `intervalMs` after it has ended. Contract: the work does not reject. */
export function poll(intervalMs: number, work: () => void | Promise<void>): Watch {
  let closed = false
  let running: void | Promise<void>
  let timer: NodeJS.Timeout
  const schedule = () => {
    timer = setTimeout(() => {
      running = Promise.resolve(work()).then(() => {
        if (!closed) schedule()
      })
    }, intervalMs)
  }
  schedule()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}

function watchPaths(paths: string[], options: ChokidarOptions, hint: Hint): Promise<Watch> {
  let burst: NodeJS.Timeout | undefined
  const watcher = chokidarWatch(paths, options)
  watcher.on('all', () => {
    burst ??= setTimeout(() => {
      burst = undefined
      hint()
    }, BURST_MS)
  })
  return new Promise((resolve) => {
    const watch: Watch = {
      close: async () => {
        clearTimeout(burst)
        await watcher.close()
      },
    }
    // A watcher that fails (no inotify handles left, say) is a watcher that is silent: looking goes on.
    watcher.on('error', () => resolve(watch))
    watcher.on('ready', () => resolve(watch))
  })
}
