import { dirname, join, relative, resolve, sep } from 'node:path'
import { watch as chokidarWatch, type FSWatcher } from 'chokidar'
import { isContentPath } from '../content-path.ts'

/** How long a file must have been still before it counts as saved. */
const SETTLED = { stabilityThreshold: 200, pollInterval: 50 }
/** How long a root that is gone is left alone before it is looked for again. */
const LOOK_MS = 1_000

/** What one check came to, as far as watching goes on from it. */
export interface Round {
  /** Paths of example apps, in the folder that holds the content root. */
  readonly examples: readonly string[]
  /** False when the root itself could not be read. */
  readonly readable: boolean
}

/**
 * Runs `check` at once and after every change of a content root, or of an example app that it names, one after
 * the other, until `signal` aborts. What changes while a check runs is checked after it.
 */
export async function recheck(
  content: string,
  signal: AbortSignal,
  check: () => Promise<Round>,
): Promise<void> {
  const holder = dirname(resolve(content))
  const bell = createBell(signal)
  let watcher = await open(content, bell.ring)
  try {
    while (!signal.aborted) {
      const { examples, readable } = await check()
      watcher.add(examples.map((path) => join(holder, path)))
      await bell.wait(readable ? undefined : LOOK_MS)
      if (readable) continue
      // A watcher can be deaf to a root that comes back.
      await watcher.close()
      watcher = await open(content, bell.ring)
    }
  } finally {
    await watcher.close()
  }
}

interface Bell {
  readonly ring: () => void
  /** Resolves once it has rung since the last wait, after `limit` milliseconds, or when the signal aborts. */
  readonly wait: (limit: number | undefined) => Promise<void>
}

function createBell(signal: AbortSignal): Bell {
  let rung = false
  let wake: () => void = () => undefined
  signal.addEventListener('abort', () => wake(), { once: true })
  return {
    ring: () => {
      rung = true
      wake()
    },
    wait: async (limit) => {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = limit === undefined ? undefined : setTimeout(resolve, limit)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rung = false
    },
  }
}

/** Opens a watcher; it hears of whatever changes once the promise has resolved. */
async function open(content: string, onChange: () => void): Promise<FSWatcher> {
  const root = resolve(content)
  const watcher = chokidarWatch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    awaitWriteFinish: SETTLED,
    ignored: (path) => {
      const inside = relative(root, path).split(sep).join('/')
      if (inside !== '' && !inside.startsWith('..')) return !isContentPath(inside)
      return /[/\\](node_modules|\.git)([/\\]|$)/.test(path)
    },
  })
  watcher.on('all', onChange)
  await new Promise<void>((ready) => {
    watcher.on('ready', ready)
    // A watcher that fails is a silent one: what is there is checked all the same.
    watcher.on('error', () => ready())
  })
  return watcher
}
