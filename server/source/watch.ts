import { join, relative, sep } from 'node:path'
import { type ChokidarOptions, watch as chokidarWatch } from 'chokidar'
import { treeSignature, type WatchedFolder } from './tree-signature.ts'

/** Something that watches until it is closed. */
export interface Watch {
  readonly close: () => Promise<void>
}

/** Told that something may have changed; what has, is for the listener to find out. Must not throw. */
export type Hint = () => void

const OPTIONS: ChokidarOptions = { ignoreInitial: true, followSymlinks: false, ignorePermissionErrors: true }

/** Hints of one burst that arrive within this time are one. */
const BURST_MS = 15

/** How often a folder is looked at, should the watcher be deaf. */
const LOOK_MS = 1_000

/**
 * Watches a folder. A file counts as saved when it has been still for 200 ms. A watcher can be deaf to a
 * folder that was removed and came back, so the folder is looked at as well: a change that has been still for one
 * look gives a hint, and a watcher that did not hear of it is replaced.
 */
export async function watchFolder(folder: WatchedFolder, hint: Hint): Promise<Watch> {
  const { dir, accepts } = folder
  let heard = false
  const open = () =>
    watchPaths(
      [dir],
      {
        ...OPTIONS,
        awaitWriteFinish: { stabilityThreshold: 200, pollInterval: 50 },
        ignored: (path: string) => path !== dir && !accepts(relative(dir, path).split(sep).join('/')),
      },
      () => {
        heard = true
        hint()
      },
    )
  let watch = await open()
  let before = await treeSignature(folder)
  let changed = false
  const look = poll(LOOK_MS, async () => {
    const now = await treeSignature(folder)
    if (now !== before) {
      before = now
      changed = true
    } else if (changed) {
      changed = false
      if (!heard) {
        await watch.close()
        watch = await open()
      }
      heard = false
      hint()
    }
  })
  return {
    close: async () => {
      await look.close()
      await watch.close()
    },
  }
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
