import { dirname, join, resolve } from 'node:path'
import { isContentPath } from '../content-path.ts'
import { exampleRequests, SKIP_PATTERNS } from '../example/requests.ts'
import { type Bell, createBell } from './bell.ts'
import { settle } from './settle.ts'
import { type Look, placeBeside, type TreeReader } from './tree-reader.ts'
import { type Place, watchPlaces } from './watch-places.ts'

export interface FollowOptions {
  /** Content root. */
  readonly content: string
  readonly reader: TreeReader
  /** Key of the look that is known already; undefined when the first one is news, too. */
  readonly known: string | undefined
  /** Begins the work on a tree that will most likely settle. */
  readonly prepare: (look: Look) => Promise<void>
  /** Told of each tree that has settled and is not the one before. The next one is not looked for until it resolves. */
  readonly settled: (look: Look) => Promise<void>
  readonly signal: AbortSignal
}

/** How often a tree is looked at, should no hint arrive. */
const POLL_MS = 1_000

/** A tree that takes long to look at is looked at more seldom: at most every twentieth moment is spent on it. */
const SHARE = 20

/**
 * Follows a content root, the example apps that it names and the documents beside it, until `signal` aborts. Watchers
 * give hints; what is true is told by looking, which is also done without any hint.
 */
export async function followTree(options: FollowOptions): Promise<void> {
  const { content, signal, settled } = options
  const bell = createBell(signal)
  const watch = watchPlaces(bell.ring)
  let known = options.known
  let rules: Uint8Array | undefined
  let heard = true
  try {
    while (!signal.aborted) {
      const { look, cost } = await news(options, bell, known)
      const isNews = look.key !== known
      known = look.key
      if (isNews && !signal.aborted) await settled(look)
      // A watcher can be deaf to what was removed and came back.
      if ((isNews && !heard) || !sameBytes(rules, rulesOf(look))) await watch.reset()
      rules = rulesOf(look)
      const opened = await watch.follow(placesOf(content, look))
      heard = opened || (await bell.wait(Math.max(POLL_MS, cost * SHARE)))
    }
  } finally {
    await watch.close()
  }
}

/** What is there now, settled unless it is known already or nothing is; and how long a look at it takes. */
async function news(
  { reader, prepare, signal }: FollowOptions,
  bell: Bell,
  known: string | undefined,
): Promise<{ readonly look: Look; readonly cost: number }> {
  const now = () => performance.now()
  const at = now()
  const seen = await reader.look()
  const cost = now() - at
  if (known === undefined || seen.key === known) return { look: seen, cost }
  return { look: await settle({ look: reader.look, bell, prepare, now, signal }, { seen, at }), cost }
}

/** What decides which files of an app are looked at. */
function rulesOf(look: Look): Uint8Array | undefined {
  return 'tree' in look ? look.tree.files.find(({ path }) => path === SKIP_PATTERNS)?.bytes : undefined
}

function sameBytes(a: Uint8Array = EMPTY, b: Uint8Array = EMPTY): boolean {
  return Buffer.compare(a, b) === 0
}

const EMPTY = new Uint8Array()

function placesOf(content: string, look: Look): Place[] {
  const root = resolve(content)
  const whole: Place = { path: root, accepts: isContentPath }
  if (!('tree' in look)) return [whole]
  const { skip } = exampleRequests(look.tree.files)
  const apps = [...(look.tree.examples?.keys() ?? [])].map((app): Place => {
    const isSkipped = skip(app)
    return { path: join(dirname(root), app), accepts: (path) => !isSkipped(path) }
  })
  const beside = look.besidePaths.map(
    (path): Place => ({ path: placeBeside(content, path), accepts: () => false }),
  )
  return [whole, ...apps, ...beside]
}
