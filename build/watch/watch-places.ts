import { join, relative, sep } from 'node:path'
import { watch as chokidarWatch, type FSWatcher } from 'chokidar'

/** A folder or a file, and the paths below it that matter. */
export interface Place {
  readonly path: string
  readonly accepts: (inside: string) => boolean
}

/** Watches places, whichever these are at the time. What it tells is a hint, and it may miss something. */
export interface PlaceWatch {
  /**
   * Watches these places from now on. True when something came under watch: what changed there before gave no hint.
   * Places that were named before stay watched. Contract: called again only after it has resolved.
   */
  readonly follow: (places: readonly Place[]) => Promise<boolean>
  /** Watches from scratch at the next `follow`: it went deaf, or places accept something else. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Watches nothing before the first `follow`. `hint` must not throw. */
export function watchPlaces(hint: () => void): PlaceWatch {
  let watcher: FSWatcher | undefined
  let places: readonly Place[] = []
  const followed = new Set<string>()
  const isIgnored = (path: string) => !places.some((place) => isWatched(place, path))
  const close = async () => {
    followed.clear()
    const closing = watcher
    watcher = undefined
    await closing?.close()
  }
  return {
    follow: async (now) => {
      places = now
      const fresh = now.map(({ path }) => path).filter((path) => !followed.has(path))
      if (fresh.length === 0) return false
      for (const path of fresh) followed.add(path)
      if (watcher === undefined) watcher = await open(fresh, isIgnored, hint)
      else watcher.add(fresh)
      return true
    },
    reset: close,
    close,
  }
}

function isWatched({ path, accepts }: Place, candidate: string): boolean {
  if (candidate === path) return true
  if (!candidate.startsWith(join(path, sep))) return false
  return accepts(relative(path, candidate).split(sep).join('/'))
}

/** Opens a watcher; it hears of whatever changes once the promise has resolved. */
function open(paths: string[], ignored: (path: string) => boolean, hint: () => void): Promise<FSWatcher> {
  const watcher = chokidarWatch(paths, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored,
  })
  watcher.on('all', hint)
  return new Promise((resolve) => {
    watcher.on('ready', () => resolve(watcher))
    // A watcher that fails (no inotify handles left, say) is a watcher that is silent: looking goes on.
    watcher.on('error', () => resolve(watcher))
  })
}
