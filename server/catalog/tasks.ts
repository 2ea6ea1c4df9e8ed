import { diffSurfaces, type SurfaceChange } from '../../build/diff/changes.ts'
import { ofRelease } from '../../build/diff/released.ts'
import { HEADINGS, type Told, tellFacts, tellSize, tellTokens } from '../../build/diff/words.ts'
import type { Release } from '../../build/release.ts'
import type { Estimate } from '../../build/tokens.ts'
import { renderMarkdown } from './markdown.ts'
import { releaseView } from './release-view.ts'
import { searchTexts } from './search-texts.ts'
import { type ReleaseText, textsOf } from './texts.ts'

/** What takes too long, or is too risky, to be done where requests are answered. Releases go by their ids. */
export type Task =
  | { readonly kind: 'view'; readonly release: string }
  | { readonly kind: 'search'; readonly release: string; readonly query: string }
  | { readonly kind: 'diff'; readonly before: string; readonly after: string }
  | { readonly kind: 'markdown'; readonly text: string }

/** One thing that differs, in words. */
export interface ChangeView {
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly tokens: string
  readonly facts: readonly Told[]
  readonly files: readonly {
    readonly path: string
    readonly change: 'added' | 'removed' | 'changed'
    readonly size: string
    readonly hunks: SurfaceChange['items'][number]['files'][number]['hunks']
  }[]
}

/** What differs between two releases, by who reads it. */
export interface DiffView {
  readonly before: string
  readonly after: string
  readonly surfaces: readonly { readonly heading: string; readonly items: readonly ChangeView[] }[]
}

/** Releases at hand, and what was worked out about them. */
export interface Bench {
  readonly releases: Map<string, Release>
  readonly texts: WeakMap<Release, readonly ReleaseText[]>
  readonly estimate: Estimate
}

/** Does a task; what comes out is JSON, or HTML. */
export function perform(task: Task, bench: Bench): string {
  if (task.kind === 'markdown') return renderMarkdown(task.text)
  if (task.kind === 'diff') {
    return JSON.stringify(diffView(releaseAt(bench, task.before), releaseAt(bench, task.after)))
  }
  const release = releaseAt(bench, task.release)
  if (task.kind === 'view') return JSON.stringify(releaseView(release, bench.estimate))
  const texts = bench.texts.get(release) ?? textsOf(release)
  bench.texts.set(release, texts)
  return JSON.stringify(searchTexts(texts, task.query))
}

function releaseAt({ releases }: Bench, id: string): Release {
  const release = releases.get(id)
  if (release === undefined) throw new RangeError(`Cannot look at release ${id}: it was not handed over`)
  return release
}

/** Lines of one text that are shown; a longer change is told by its size. */
const MAX_LINES = 400

/** The difference between two releases in words. */
export function diffView(before: Release, after: Release): DiffView {
  const surfaces = diffSurfaces(ofRelease(before).surfaces, ofRelease(after).surfaces)
  return {
    before: before.id,
    after: after.id,
    surfaces: surfaces.map(({ surface, items }) => ({
      heading: HEADINGS[surface],
      items: items.map((item) => ({
        name: item.name,
        change: item.change,
        tokens: tellTokens(item),
        facts: tellFacts(item),
        files: item.files.map((file) => {
          const lines = (file.hunks ?? []).reduce((sum, hunk) => sum + hunk.lines.length, 0)
          const hunks = lines > MAX_LINES ? null : file.hunks
          return { path: file.path, change: file.change, size: tellSize(file), hunks }
        }),
      })),
    })),
  }
}
