import { type FetchTreeOptions, fetchTree } from '../../build/fetch/fetch-tree.ts'
import { gather } from '../../build/gather.ts'
import type { SourceFile, SourceTree } from '../../build/release.ts'
import { patientDocuments } from './documents.ts'

/** The content folder on disk, with all that a build needs of what stands around it. */
export interface WorkTree {
  /** Reads all of it. `mayWait`: documents that are missing are worth waiting for. */
  readonly read: (mayWait: boolean) => Promise<SourceTree>
  /** Content files as they were read last. */
  readonly files: () => readonly SourceFile[]
}

export interface WorkTreeOptions {
  /** Content folder, absolute. */
  readonly content: string
  readonly documents: Omit<FetchTreeOptions, 'root'>
  /** Told when reading again would give more: documents have arrived. Must not throw. */
  readonly onArrival: () => void
  /** Told what a person should know of how documents are come by. */
  readonly onNote: (note: string) => void
}

/** A source that vouched for its document within this time is not asked again. */
const FRESH_MS = 60_000

export function openWorkTree({ content, documents, onArrival, onNote }: WorkTreeOptions): WorkTree {
  let files: readonly SourceFile[] = []
  const complete = patientDocuments({
    fetch: async (tree, from) => {
      const copies = from === 'copies' ? { offline: true, updateLock: false } : {}
      const fetched = await fetchTree(tree, { ...documents, freshMs: FRESH_MS, root: content, ...copies })
      for (const note of fetched.notes) onNote(note)
      return fetched
    },
    onArrival,
  })
  return {
    read: async (mayWait) => {
      const tree = await gather(content)
      files = tree.files
      return complete(tree, mayWait)
    },
    files: () => files,
  }
}
