import type { Documents } from '../../build/fetch/document.ts'
import { withDocuments } from '../../build/fetch/fetch-tree.ts'
import { UNFETCHED } from '../../build/fetch/remote-document.ts'
import { documentRequests } from '../../build/fetch/requests.ts'
import { treeError } from '../../build/finding.ts'
import type { SourceTree } from '../../build/release.ts'
import { treeDigest } from '../../build/watch/tree-digest.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { coalesce } from '../coalesce.ts'

/** Completes a tree with its documents. `mayWait`: there is nothing better to do than to wait for those that are missing. */
export type Complete = (tree: SourceTree, mayWait: boolean) => Promise<SourceTree>

export interface DocumentsOptions {
  /** Gets every document of a tree, from copies only or from its source. */
  readonly fetch: (tree: SourceTree, from: 'copies' | 'sources') => Promise<Documents>
  /** Told when there is more to know than a tree was given: it is worth completing again. Must not throw. */
  readonly onArrival: () => void
}

/** How long a build waits for sources before it goes by copies. */
const PATIENCE_MS = 100

/** What the sources said of one tree. */
interface Arrival {
  readonly key: string
  readonly documents: PromiseSettledResult<Documents>
}

/**
 * Documents of a work tree that is edited while their sources are slow. Sources get a moment; then the build goes by
 * the copies there are, and is told when the sources have answered. They are asked for one tree at a time, the latest.
 */
export function patientDocuments({ fetch, onArrival }: DocumentsOptions): Complete {
  let wanted: { readonly key: string; readonly tree: SourceTree; done: Promise<void> } | undefined
  let arrival: Arrival | undefined
  let told: readonly Diagnostic[] = []

  const askSources = coalesce(async () => {
    if (wanted === undefined) return
    const { key, tree } = wanted
    const [documents] = await Promise.allSettled([fetch(tree, 'sources')])
    arrival = { key, documents }
    if (documents.status === 'fulfilled') told = documents.value.diagnostics
    if (wanted.key === key) wanted = undefined
  })
  const ask = (key: string, tree: SourceTree): Promise<void> => {
    if (wanted?.key === key) return wanted.done
    const asked = { key, tree, done: Promise.resolve() }
    wanted = asked
    asked.done = askSources()
    return asked.done
  }
  /** An answer is used once, so that the next build of the same tree asks anew. */
  const answer = (key: string): Documents | undefined => {
    if (arrival?.key !== key) return undefined
    const { documents } = arrival
    arrival = undefined
    if (documents.status === 'rejected') throw documents.reason
    return documents.value
  }

  return async (tree, mayWait) => {
    const key = treeDigest({ files: tree.files, diagnostics: [] })
    const early = answer(key)
    if (early !== undefined) return withDocuments(tree, early)
    const asking = ask(key, tree)
    await Promise.race([asking, sleep(PATIENCE_MS)])
    const inTime = answer(key)
    if (inTime !== undefined) return withDocuments(tree, inTime)
    const copies = await fetch(tree, 'copies')
    if (mayWait && missing(copies) > 0) await asking
    const late = answer(key)
    if (late !== undefined) return withDocuments(tree, late)
    void asking.then(onArrival)
    return withDocuments(tree, { ...copies, diagnostics: meanwhile(tree, copies, told) })
  }
}

function missing({ diagnostics }: Documents): number {
  return diagnostics.filter(({ code }) => code === UNFETCHED).length
}

/** What is said until the sources have answered: what they said last, as far as it still has its place. */
function meanwhile(tree: SourceTree, copies: Documents, told: readonly Diagnostic[]): Diagnostic[] {
  const places = new Set(documentRequests(tree).map((request) => placeOf({ ...request, path: request.from })))
  return [
    ...copies.diagnostics.filter(({ code }) => code !== UNFETCHED),
    ...told.filter(({ severity, ...at }) => severity === 'warning' && places.has(placeOf(at))),
    ...(missing(copies) > 0 ? [onTheirWay(missing(copies))] : []),
  ]
}

function placeOf({ path, line, column }: Pick<Diagnostic, 'path' | 'line' | 'column'>): string {
  return `${line}:${column}:${path}`
}

function onTheirWay(count: number): Diagnostic {
  const what = count === 1 ? '1 document is' : `${count} documents are`
  const message = `Cannot build all of it yet: ${what} still on the way, expected an answer of every source`
  return treeError({ code: 'fetch/pending', message })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
