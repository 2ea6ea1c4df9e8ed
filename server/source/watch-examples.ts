import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exampleRequests, SKIP_PATTERNS } from '../../build/example/requests.ts'
import type { SourceFile } from '../../build/release.ts'
import { type Hint, type Watch, watchFolder } from './watch.ts'

/** Watches the example apps that content names, whichever these are at the time. */
export interface ExampleWatch extends Watch {
  /**
   * Watches what these content files name, and nothing else. True when an app came under watch: what changed in it
   * before gave no hint. Contract: called again only after it has resolved.
   */
  readonly follow: (files: readonly SourceFile[]) => Promise<boolean>
}

/** Nothing is watched before the first `follow`. `content` is the content folder; apps lie beside it. */
export function watchExamples(content: string, hint: Hint): ExampleWatch {
  const holder = dirname(content)
  const watches = new Map<string, Watch>()
  let patterns: Uint8Array | undefined
  let closed = false
  const closeAll = async (apps: readonly string[]) => {
    for (const app of apps) {
      await watches.get(app)?.close()
      watches.delete(app)
    }
  }
  return {
    follow: async (files) => {
      const { paths, skip } = exampleRequests(files)
      const current = files.find(({ path }) => path === SKIP_PATTERNS)?.bytes
      const sameRules = Buffer.compare(patterns ?? EMPTY, current ?? EMPTY) === 0
      patterns = current
      await closeAll([...watches.keys()].filter((app) => !sameRules || !paths.includes(app)))
      let opened = false
      for (const app of paths) {
        if (closed || watches.has(app) || !(await isReachedWithoutLinks(holder, app))) continue
        const isSkipped = skip(app)
        const folder = { dir: join(holder, app), accepts: (path: string) => !isSkipped(path) }
        watches.set(app, await watchFolder(folder, hint))
        opened = true
      }
      // The end may have come while one was opened.
      if (closed) await closeAll([...watches.keys()])
      return opened
    },
    close: () => {
      closed = true
      return closeAll([...watches.keys()])
    },
  }
}

const EMPTY = new Uint8Array()

/** A link is refused by the build, so what lies behind it is not looked at either. A folder may be yet to come. */
async function isReachedWithoutLinks(holder: string, app: string): Promise<boolean> {
  const real = await realpath(join(holder, app)).catch(() => undefined)
  return real === undefined || real === join(await realpath(holder), app)
}
