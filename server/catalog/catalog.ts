import { digestOf } from '../../schemas/digest.ts'
import { textFile } from '../http/text-file.ts'
import type { ServedFile, ServedRelease } from '../store/served-release.ts'
import { openWorkshop } from './workshop.ts'

/** What the catalog page asks of releases; undefined where it took too long. */
export interface Catalog {
  readonly view: (release: ServedRelease) => Promise<ServedFile | undefined>
  readonly diff: (before: ServedRelease, after: ServedRelease) => Promise<ServedFile | undefined>
  readonly search: (release: ServedRelease, query: string) => Promise<ServedFile | undefined>
  /** Markdown as safe HTML. */
  readonly rendered: (text: string) => Promise<ServedFile | undefined>
}

/** What grows with a release alone gets time enough on a busy machine; what its author can make long does not. */
const LIMIT_MS = { view: 60_000, diff: 20_000, search: 10_000, markdown: 1_500 }
/** Markdown beyond this is shown as it is written. */
const MAX_MARKDOWN = 256 * 1024
/** Answers that are kept. */
const KEPT = 64

/** Opens a catalog; it works on a thread of its own, and remembers its latest answers. */
export function openCatalog(): Catalog {
  const workshop = openWorkshop()
  const known = new Map<string, Promise<ServedFile | undefined>>()
  const once = (key: string, make: () => Promise<ServedFile | undefined>) => {
    const answer = known.get(key) ?? make()
    known.delete(key)
    known.set(key, answer)
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break
      known.delete(oldest)
    }
    // What was not made in time may be another time, when less is going on.
    void answer.then((file) => file === undefined && known.get(key) === answer && known.delete(key))
    return answer
  }
  return {
    view: ({ id, release }) =>
      once(`view ${id}`, async () => {
        const task = { kind: 'view', release: id } as const
        return json(await workshop.run({ task, releases: [release], limitMs: LIMIT_MS.view }))
      }),
    diff: (before, after) =>
      once(`diff ${before.id} ${after.id}`, async () => {
        const task = { kind: 'diff', before: before.id, after: after.id } as const
        const releases = [before.release, after.release]
        return json(await workshop.run({ task, releases, limitMs: LIMIT_MS.diff }))
      }),
    search: async ({ id, release }, query) => {
      const task = { kind: 'search', release: id, query } as const
      return json(await workshop.run({ task, releases: [release], limitMs: LIMIT_MS.search }))
    },
    rendered: (text) =>
      once(`markdown ${digestOf(text)}`, async () => {
        if (text.length > MAX_MARKDOWN) return undefined
        const task = { kind: 'markdown', text } as const
        const html = await workshop.run({ task, releases: [], limitMs: LIMIT_MS.markdown })
        return html === undefined ? undefined : textFile(html, 'text/html')
      }),
  }
}

function json(text: string | undefined): ServedFile | undefined {
  return text === undefined ? undefined : textFile(text, 'application/json')
}
