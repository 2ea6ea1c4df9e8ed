import type { Release } from '../../build/release.ts'
import type { Made, Seen } from './made.ts'
import { createUnpacker } from './parcel.ts'
import { openThread } from './thread.ts'
import type { DocumentRules, Wish } from './tree-maker.ts'
import type { WorkTreeAnswer, WorkTreeData, WorkTreeQuestion, WorkTreeTold } from './work-tree-thread.ts'

/** The content folder on disk, with all that a build needs of what stands around it, read and built in a thread of its own. */
export interface WorkTree {
  /**
   * What the tree came to; undefined when that was given last.
   *
   * @throws {CommandError} when it cannot be read.
   * @throws {ThreadEndedError} when the thread has died over it.
   */
  readonly make: (wish: Wish) => Promise<Made | undefined>
  /** What `make` would build now, going by copies of documents; undefined when that cannot be told. Contract: rejects never. */
  readonly see: () => Promise<Seen | undefined>
  /** Follows the tree from now on: `onChange` hears of what was saved. */
  readonly watch: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface WorkTreeOptions {
  /** Content folder, absolute. */
  readonly content: string
  readonly documents: DocumentRules
  /** Told that making the tree again would give something else. Must not throw. */
  readonly onChange: () => void
  /** Told of a release without errors that `make` will most likely give next. Must not throw. */
  readonly onAhead: (release: Release) => void
  /** Told what a person should know of how documents are come by. */
  readonly onNote: (note: string) => void
  readonly onBug: (error: unknown) => void
  /** Once it aborts, nothing is waited for any longer. */
  readonly signal: AbortSignal
}

/** How long a thread that died is given rest before another one watches in its place. */
const REST_MS = 1_000

export function openWorkTree({ content, documents, signal, ...listener }: WorkTreeOptions): WorkTree {
  const unpack = createUnpacker()
  let isWatched = false
  const { cache, offline, updateLock, docsFrom, freshMs } = documents
  const rules = Object.entries({ cache, offline, updateLock, docsFrom, freshMs })
  const data: WorkTreeData = {
    content,
    documents: Object.fromEntries(rules.filter(([, rule]) => rule !== undefined)) as unknown as DocumentRules,
  }
  const thread = openThread<WorkTreeQuestion, WorkTreeAnswer, WorkTreeTold>({
    ...{ script: new URL('./work-tree-thread.ts', import.meta.url), data, signal },
    onTold: (told) => {
      if ('note' in told) listener.onNote(told.note)
      else if ('ahead' in told) listener.onAhead(unpack(told.ahead))
      else if ('bug' in told) listener.onBug(new Error(told.bug))
      else listener.onChange()
    },
    mayGo: () => !isWatched,
    onDeath: () => {
      if (isWatched) setTimeout(watch, REST_MS).unref()
    },
  })
  const watch = () => void thread.ask('watch').catch(() => undefined)
  return {
    see: async () => {
      const answer = await thread.ask('see').catch(() => undefined)
      return answer !== undefined && 'parcel' in answer ? undefined : answer
    },
    make: async (wish) => {
      const answer = await thread.ask({ make: wish })
      if (answer === undefined || !('parcel' in answer)) return undefined
      const { parcel, ...others } = answer
      return { ...others, release: parcel && unpack(parcel) }
    },
    watch: async () => {
      isWatched = true
      await thread.ask('watch')
    },
    close: thread.close,
  }
}
