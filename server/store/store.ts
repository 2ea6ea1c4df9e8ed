import { channelsIn } from '../../build/publish/channel-state.ts'
import { openObjects } from '../../build/publish/objects.ts'
import { type HistoryEntry, newest, pointed } from '../../build/publish/record.ts'
import { sweepEnded, sweepStore } from '../../build/publish/sweep-store.ts'
import { publish, readRelease, stage } from '../../build/publish.ts'
import type { Release } from '../../build/release.ts'
import { type ServedRelease, servedRelease } from './served-release.ts'
import { staging } from './staging.ts'
import { type Steered, watchSteering } from './steered.ts'
import { compilerDigest, originOf, type StoreOrigin } from './store-origin.ts'
import { answered, openReader, type StoredChannel } from './stored-channel.ts'

/** Where a release comes from; a null commit is the work tree. */
interface ReleaseSource {
  readonly channel: string
  readonly commit: string | null
  /** Tools that the channel could give to its agents; null when nothing was forbidden. */
  readonly ceiling: string | null
  /** The default branch, for what is built from it. */
  readonly branch?: string
  /** Digest of the tree, where no commit tells what was built. */
  readonly tree?: string
}

/** Releases on disk, and which of them each channel answered with last. What is not whole is as good as absent. */
export interface Store {
  /**
   * What a channel answered with last, unless it is known to be built from another folder, from a preview of documents
   * or under another ceiling; undefined asks for no ceiling in particular. A pin holds whatever it was built from:
   * somebody chose it.
   */
  readonly lastGood: (channel: string, ceiling?: string | null) => Promise<StoredChannel | undefined>
  /** What a channel answers with, if this very compiler built its newest release of that source from this folder. */
  readonly builtFrom: (source: ReleaseSource) => Promise<StoredChannel | undefined>
  /** What the channel answers with when the release is on disk: this one, unless it is pinned. */
  readonly publish: (release: Release, source: ReleaseSource) => Promise<StoredChannel>
  /** Puts on disk what will most likely be published next. Contract: rejects never; what cannot be staged is told by `publish`. */
  readonly stage: (release: Release) => Promise<void>
  readonly load: (id: string) => Promise<ServedRelease | undefined>
  /** Every channel that was ever published to. */
  readonly channels: () => Promise<readonly string[]>
  /** What a channel answered with, and what was built for it while it was pinned; the newest first. */
  readonly history: (channel: string) => Promise<readonly HistoryEntry[]>
  /** Lets go of what these channels answered before, as far as that is more than one channel keeps: nothing will be published to them. */
  readonly retire: (channels: readonly string[]) => Promise<void>
  /** What a channel points at on disk; undefined while nobody has written that since it was asked last. */
  readonly steered: (channel: string) => Promise<Steered | undefined>
}

export interface StoreOptions {
  readonly dir: string
  /** Content folder, absolute: one store never mixes two. */
  readonly content: string
  /** Where documents come from instead of their sources: a preview never passes for the real thing. */
  readonly docsFrom: string | null
  readonly now: () => Date
  /** Releases that each channel keeps, besides those it is pinned to or points at. */
  readonly keep?: number | undefined
  /** Told of whatever on disk is not as it was written. */
  readonly onDamage?: ((sentence: string) => void) | undefined
}

/** Opens a store, and sweeps away what an interrupted publication left. The folder is there already. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dir, content, docsFrom, now, keep, onDamage: tell = () => undefined } = options
  const compiler = compilerDigest()
  const objects = openObjects(dir)
  const { state, load, lastGood } = openReader({ dir, objects, now, tell })
  const isOurs = (origin: StoreOrigin) => origin.content === content && origin.docsFrom === docsFrom
  const isCurrent = (origin: StoreOrigin) => origin.compiler === compiler && isOurs(origin)
  await sweepStore(dir, keep).catch((error: Error) => tell(error.message))
  return {
    lastGood: (channel, ceiling) =>
      lastGood(channel, (entry, { pin }) => {
        if (pin?.release === entry.release) return true
        const origin = originOf(entry)
        if (origin === undefined) return !ceiling
        return isOurs(origin) && (ceiling === undefined || origin.ceiling === ceiling)
      }),
    builtFrom: async ({ channel, commit, ceiling, tree }) => {
      const { record, pointer } = await state(channel)
      const entry = newest(record)
      const origin = entry && originOf(entry)
      if (pointer === undefined || entry?.commit !== commit || origin === undefined) return undefined
      if (origin.ceiling !== ceiling || origin.tree !== tree || !isCurrent(origin)) return undefined
      if (record.pin === null && pointer.release !== entry.release) return undefined
      const release = await load(pointer.release)
      return release && answered(record, { pointer, release })
    },
    publish: async (release, { channel, commit, ...own }) => {
      const origin = { content, compiler, docsFrom, ...own }
      const done = await publish({ store: dir, release, channel, commit, now, origin, objects, keep })
      const { pointer, record } = done
      const served =
        pointer.release === release.id ? done.release : await readRelease(dir, pointer.release, objects)
      return answered(record, { pointer, release: servedRelease(served) })
    },
    stage: staging((release) => stage({ store: dir, release, objects, keep })),
    load,
    channels: () => channelsIn(dir),
    history: async (channel) => (await state(channel)).record.entries.toReversed(),
    retire: async (names) => {
      const ended: string[] = []
      for (const name of names) {
        const last = pointed((await state(name)).record)
        // What was published by hand is no branch's.
        if (last !== undefined && originOf(last) !== undefined) ended.push(name)
      }
      await sweepEnded(dir, ended, keep).catch((error: Error) => tell(error.message))
    },
    // Another server may keep its channels here too: what it builds is none of ours, what a person says is for all.
    steered: watchSteering(dir, (entry, { pin }) => {
      const origin = originOf(entry)
      return pin?.release === entry.release || origin === undefined || isOurs(origin)
    }),
  }
}
