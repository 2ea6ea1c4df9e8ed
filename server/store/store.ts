import { channelsIn, readChannel } from '../../build/publish/channel-state.ts'
import { openObjects } from '../../build/publish/objects.ts'
import { type ChannelRecord, type HistoryEntry, newest, pointerOf } from '../../build/publish/record.ts'
import { pinChannel, rescue, unpinChannel } from '../../build/publish/steer.ts'
import { sweepStore } from '../../build/publish/sweep-store.ts'
import { MissingReleaseError, publish, readRelease } from '../../build/publish.ts'
import type { Release } from '../../build/release.ts'
import type { ChannelPin, ChannelPointer } from '../../schemas/channel.ts'
import { type ServedRelease, servedRelease } from './served-release.ts'
import { type Steered, watchSteering } from './steered.ts'
import { compilerDigest, originOf, type StoreOrigin } from './store-origin.ts'

/** Where a release comes from; a null commit is the work tree. */
interface ReleaseSource {
  readonly channel: string
  readonly commit: string | null
  /** Tools that the channel could give to its agents; null when nothing was forbidden. */
  readonly ceiling: string | null
}

/** What a channel of the store answers with. */
export interface StoredChannel {
  readonly pointer: ChannelPointer
  readonly release: ServedRelease
  /** Present while the channel is pinned. */
  readonly pin?: ChannelPin
  /** The newest build of a pinned channel, which is not served. */
  readonly newest?: ChannelPointer
}

/** Releases on disk, and which of them each channel answered with last. What is not whole is as good as absent. */
export interface Store {
  /**
   * What a channel answered with last, unless it is known to be built from another folder, from a preview of documents
   * or under another ceiling; undefined asks for no ceiling in particular. A pin holds whatever it was built from:
   * somebody chose it.
   */
  readonly lastGood: (channel: string, ceiling?: string | null) => Promise<StoredChannel | undefined>
  /** What a channel answers with, if this very compiler built its newest release of that commit from this folder. */
  readonly builtFrom: (source: ReleaseSource) => Promise<StoredChannel | undefined>
  /** What the channel answers with when the release is on disk: this one, unless it is pinned. */
  readonly publish: (release: Release, source: ReleaseSource) => Promise<StoredChannel>
  readonly load: (id: string) => Promise<ServedRelease | undefined>
  /** Every channel that was ever published to. */
  readonly channels: () => Promise<readonly string[]>
  /** What a channel answered with, and what was built for it while it was pinned; the newest first. */
  readonly history: (channel: string) => Promise<readonly HistoryEntry[]>
  /** What a channel points at on disk; undefined while nobody has written that since it was asked last. */
  readonly steered: (channel: string) => Promise<Steered | undefined>
  /** @throws {CorruptReleaseError} when the store does not hold that release whole. */
  readonly pin: (channel: string, release: string, from: string | null) => Promise<ChannelPointer>
  readonly unpin: (channel: string) => Promise<ChannelPointer | undefined>
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
  const compiler = await compilerDigest()
  const objects = openObjects(dir)
  await sweepStore(dir, keep).catch((error: Error) => tell(error.message))
  const load = async (id: string): Promise<ServedRelease | undefined> => {
    try {
      return servedRelease(await readRelease(dir, id, objects))
    } catch (error) {
      if (!(error instanceof MissingReleaseError)) tell((error as Error).message)
      return undefined
    }
  }
  const isOurs = (origin: StoreOrigin) => origin.content === content && origin.docsFrom === docsFrom
  const stateOf = async (channel: string) => {
    const state = await readChannel(dir, channel)
    for (const sentence of state.damage) tell(sentence)
    return state
  }
  return {
    lastGood: async (channel, ceiling) => {
      const accepts = (entry: HistoryEntry) => {
        if (record.pin?.release === entry.release) return true
        const origin = originOf(entry)
        if (origin === undefined) return !ceiling
        return isOurs(origin) && (ceiling === undefined || origin.ceiling === ceiling)
      }
      const { record, pointer } = await stateOf(channel)
      const entry = pointer && entryOf(record, pointer)
      if (pointer === undefined || entry === undefined || !accepts(entry)) return undefined
      const release = await load(entry.release)
      if (release !== undefined) return answered(record, { pointer, release })
      const saved = await rescue({ store: dir, channel, now, objects, accepts })
      if (saved === undefined) return undefined
      tell(rescued(channel, entry.release, saved.pointer.release))
      return answered(record, { pointer: saved.pointer, release: servedRelease(saved.release) })
    },
    builtFrom: async ({ channel, commit, ceiling }) => {
      const { record, pointer } = await stateOf(channel)
      const entry = newest(record)
      const origin = entry && originOf(entry)
      if (pointer === undefined || entry?.commit !== commit || origin === undefined) return undefined
      if (origin.compiler !== compiler || origin.ceiling !== ceiling || !isOurs(origin)) return undefined
      if (record.pin === null && pointer.release !== entry.release) return undefined
      const release = await load(pointer.release)
      return release && answered(record, { pointer, release })
    },
    publish: async (release, { channel, commit, ceiling }) => {
      const origin = { content, compiler, docsFrom, ceiling }
      const done = await publish({ store: dir, release, channel, commit, now, origin, objects, keep })
      const { pointer, record } = done
      if (pointer.release === release.id)
        return answered(record, { pointer, release: servedRelease(done.release) })
      return answered(record, {
        pointer,
        release: servedRelease(await readRelease(dir, pointer.release, objects)),
      })
    },
    load,
    channels: () => channelsIn(dir),
    history: async (channel) => (await stateOf(channel)).record.entries.toReversed(),
    steered: watchSteering(dir),
    pin: (channel, release, from) => pinChannel({ store: dir, channel, release, from, now }),
    unpin: (channel) => unpinChannel({ store: dir, channel, now }),
  }
}

function answered(record: ChannelRecord, served: Pick<StoredChannel, 'pointer' | 'release'>): StoredChannel {
  const { pin } = record
  const built = newest(record)
  if (pin === null) return served
  return { ...served, pin, ...(built === undefined ? {} : { newest: pointerOf(built) }) }
}

function entryOf(record: ChannelRecord, { serial, release }: ChannelPointer): HistoryEntry | undefined {
  return record.entries.findLast(
    (entry) => entry.serial === serial && entry.release === release && entry.cause !== 'held',
  )
}

function rescued(channel: string, damaged: string, whole: string): string {
  return `Cannot answer channel "${channel}" with release ${damaged.slice(0, 12)}, which is damaged: it answers with ${whole.slice(0, 12)}, the last good one`
}
