import { createBuilder } from '../../build/builder.ts'
import { type FetchTreeOptions, fetchTree, withDocuments } from '../../build/fetch/fetch-tree.ts'
import type { FileReader } from '../../build/fetch/folder-reader.ts'
import type { Release, SourceTree } from '../../build/release.ts'
import { followTree } from '../../build/watch/follow-tree.ts'
import { treeDigest } from '../../build/watch/tree-digest.ts'
import { type Look, openTreeReader } from '../../build/watch/tree-reader.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { type DocumentsOptions, patientDocuments } from './documents.ts'
import { type Made, type Seen, toldOf } from './made.ts'

/** How documents are come by, in words that another thread understands. */
export type DocumentRules = Pick<
  FetchTreeOptions,
  'cache' | 'offline' | 'updateLock' | 'docsFrom' | 'freshMs'
>

export interface TreeMakerOptions {
  /** Content root, absolute. */
  readonly content: string
  readonly documents: DocumentRules
  /** Told that making it again would give something else. Must not throw. */
  readonly onChange: () => void
  /** Told of a release without errors that will most likely be given next. Must not throw. */
  readonly onAhead: (release: Release) => void
  /** Told what a person should know of how documents are come by. */
  readonly onNote: (note: string) => void
}

/** What is wanted of a tree. */
export interface Wish {
  /** Nothing is served yet, so documents are worth waiting for. */
  readonly mayWait: boolean
  /** What was made last did not arrive: it is wanted again, though it is the same. */
  readonly again: boolean
}

/** Makes releases of a work tree, one after another. */
export interface TreeMaker {
  /**
   * What the tree came to; undefined when that was given last. A tree that is watched is the one that has settled last.
   *
   * @throws {CommandError} when it cannot be read.
   */
  readonly make: (wish: Wish) => Promise<Made | undefined>
  /**
   * What `make` would build now, going by copies of documents.
   *
   * @throws {CommandError} when it cannot be read.
   */
  readonly see: () => Promise<Seen>
  /** Watches the tree until `signal` aborts. Rejects never but for a bug. */
  readonly watch: (signal: AbortSignal) => Promise<void>
}

/** A source that vouched for its document within this time is not asked again. */
const FRESH_MS = 60_000

/** A tree with all documents that it refers to, and when these were had. */
interface Complete {
  readonly references: string
  readonly tree: SourceTree
  readonly at: number
}

type TreeLook = Exclude<Look, { readonly refused: unknown }>

/** A tree with its documents, and what a build made of it. */
interface Built {
  /** Of the look that it was made from. */
  readonly key: string
  readonly digest: string
  readonly made: Made
}

export function openTreeMaker(options: TreeMakerOptions): TreeMaker {
  const { content, documents, onChange, onAhead } = options
  const reader = openTreeReader(content)
  const { build } = createBuilder()
  const besides = new WeakMap<SourceTree, FileReader>()
  const freshMs = documents.freshMs ?? FRESH_MS
  const fetch = fetcher({ ...options, documents: { ...documents, freshMs } }, besides)
  const complete = patientDocuments({ fetch, onArrival: onChange })
  let last: Complete | undefined
  let current: Look | undefined
  let isWatched = false
  let built: Built | undefined
  /** True while nobody was given what was built when the tree settled. */
  let isFresh = false
  let given: string | undefined

  const completed = async (look: TreeLook, mayWait: boolean): Promise<SourceTree> => {
    besides.set(look.tree, look.beside)
    const tree = await complete(look.tree, mayWait)
    const isSound = tree.diagnostics.length === look.tree.diagnostics.length
    last = isSound ? { references: look.references, tree, at: performance.now() } : undefined
    return tree
  }
  /** What a person edits seldom changes which documents there are. Files of a preview are looked at every time. */
  const likeLast = (look: TreeLook): SourceTree | undefined => {
    if (last?.references !== look.references || documents.docsFrom !== undefined) return undefined
    const { at, tree } = last
    if (performance.now() - at >= freshMs || tree.documents === undefined) return undefined
    return { ...look.tree, documents: tree.documents }
  }
  const buildOf = (look: Look, tree: SourceTree): Built => {
    const digest = treeDigest(tree)
    if (built?.digest !== digest) {
      const begun = performance.now()
      const { release, diagnostics } = build(tree)
      const seconds = (performance.now() - begun) / 1_000
      const made = { release, diagnostics, tree: toldOf(tree, diagnostics), digest, seconds }
      built = { key: look.key, digest, made }
    }
    return built
  }
  const lookNow = async () => (current = isWatched && current ? current : await reader.look())
  return {
    see: async () => {
      const look = readable(await lookNow())
      besides.set(look.tree, look.beside)
      return seenOf(withDocuments(look.tree, await fetch(look.tree, 'copies')))
    },
    make: async ({ mayWait, again }) => {
      const look = readable(await lookNow())
      const { digest, made } = isFresh && built ? built : buildOf(look, await completed(look, mayWait))
      isFresh = false
      if (digest === given && !again) return undefined
      given = digest
      return made
    },
    watch: async (signal) => {
      isWatched = true
      current ??= await reader.look()
      await followTree({
        ...{ content, reader, known: current.key, signal },
        prepare: async (look) => {
          if ('refused' in look) return
          const { made, digest } = buildOf(look, likeLast(look) ?? (await completed(look, false)))
          if (digest !== given && made.release && !hasErrors(made.diagnostics)) onAhead(made.release)
        },
        settled: async (look) => {
          current = look
          isFresh = built?.key === look.key
          onChange()
        },
      })
    },
  }
}

/** Gets documents by these rules; what lies beside the content root as it was when its tree was looked at. */
function fetcher(
  { content, documents, onNote }: TreeMakerOptions,
  besides: WeakMap<SourceTree, FileReader>,
): DocumentsOptions['fetch'] {
  return async (tree, from) => {
    const copies = from === 'copies' && { offline: true, updateLock: false }
    const beside = besides.get(tree)
    const rules = { ...documents, ...copies, ...(beside && { beside }), root: content }
    const fetched = await fetchTree(tree, rules)
    for (const note of fetched.notes) onNote(note)
    return fetched
  }
}

function seenOf(tree: SourceTree): Seen {
  return { digest: treeDigest(tree), tree: toldOf(tree, []) }
}

function readable(look: Look): TreeLook {
  if ('refused' in look) throw look.refused
  return look
}
