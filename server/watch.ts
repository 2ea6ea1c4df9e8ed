import { join, relative, sep } from 'node:path'
import { type ChokidarOptions, watch as chokidarWatch } from 'chokidar'
import { isContentPath } from '../build/content-path.ts'

/** Something that watches until it is closed. */
export interface Watch {
  readonly close: () => Promise<void>
}

/** Told that something may have changed; what has, is for the listener to find out. Must not throw. */
export type Hint = () => void

const OPTIONS: ChokidarOptions = { ignoreInitial: true, followSymlinks: false, ignorePermissionErrors: true }

/** Hints of one burst that arrive within this time are one. */
const BURST_MS = 15

/** Watches a content folder. A file counts as saved when it has been still for 200 ms. */
export function watchContent(dir: string, hint: Hint): Promise<Watch> {
  const options = {
    ...OPTIONS,
    awaitWriteFinish: { stabilityThreshold: 200, pollInterval: 50 },
    ignored: (path: string) => path !== dir && !isContentPath(relative(dir, path).split(sep).join('/')),
  }
  return watchPaths([dir], options, hint)
}

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

/** Gives a hint at every interval, whatever happens. */
export function poll(intervalMs: number, hint: Hint): Watch {
  const timer = setInterval(hint, intervalMs)
  return {
    close: async () => {
      clearInterval(timer)
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
    // A watcher that fails (no inotify handles left, say) is a watcher that is silent: polling goes on.
    watcher.on('error', () => resolve(watch))
    watcher.on('ready', () => resolve(watch))
  })
}
