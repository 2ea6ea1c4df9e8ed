import { treeError } from '../../build/finding.ts'
import { type ChannelState, readChannel } from '../../build/publish/channel-state.ts'
import type { Objects } from '../../build/publish/objects.ts'
import {
  type ChannelRecord,
  entryOf,
  type HistoryEntry,
  newest,
  pointerOf,
} from '../../build/publish/record.ts'
import { rescue } from '../../build/publish/steer.ts'
import { MissingReleaseError, readRelease } from '../../build/publish.ts'
import type { ChannelPin, ChannelPointer } from '../../schemas/channel.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { type ServedRelease, servedRelease } from './served-release.ts'
import type { Accepts } from './steered.ts'
import { originOf } from './store-origin.ts'

/** What a channel of the store answers with. */
export interface StoredChannel {
  readonly pointer: ChannelPointer
  readonly release: ServedRelease
  /** Present while the channel is pinned. */
  readonly pin?: ChannelPin
  /** The newest build of a pinned channel, which is not served. */
  readonly newest?: ChannelPointer
  /** Present when it answers with an older release than it should. */
  readonly findings?: readonly Diagnostic[]
}

/** What is read from a store, every byte verified. What is damaged is told, and answered by what is not. */
export interface StoreReader {
  readonly state: (channel: string) => Promise<ChannelState>
  readonly load: (id: string) => Promise<ServedRelease | undefined>
  /** What a channel points at, or the last whole release before it, as far as these are accepted. */
  readonly lastGood: (channel: string, accepts: Accepts) => Promise<StoredChannel | undefined>
}

export interface ReaderOptions {
  readonly dir: string
  readonly objects: Objects
  readonly now: () => Date
  /** Told of whatever on disk is not as it was written. */
  readonly tell: (sentence: string) => void
}

export function openReader({ dir, objects, now, tell }: ReaderOptions): StoreReader {
  const load = async (id: string): Promise<ServedRelease | undefined> => {
    try {
      return servedRelease(await readRelease(dir, id, objects))
    } catch (error) {
      if (!(error instanceof MissingReleaseError)) tell((error as Error).message)
      return undefined
    }
  }
  const state = async (channel: string) => {
    const read = await readChannel(dir, channel)
    for (const sentence of read.damage) tell(sentence)
    return read
  }
  return {
    state,
    load,
    lastGood: async (channel, accepts) => {
      const { record, pointer } = await state(channel)
      const entry = pointer && entryOf(record, pointer)
      if (pointer === undefined || entry === undefined || !accepts(entry, record)) return undefined
      const release = await load(entry.release)
      if (release !== undefined) return answered(record, { pointer, release })
      // Never one that could have been given other tools.
      const isLike = (older: HistoryEntry) =>
        accepts(older, record) && originOf(older)?.ceiling === originOf(entry)?.ceiling
      const saved = await rescue({ store: dir, channel, now, objects, accepts: isLike })
      if (saved === undefined) return undefined
      const message = `Cannot answer channel "${channel}" with release ${entry.release}, which is damaged: it answers with ${saved.release.id}, the last good one`
      tell(message)
      const findings = [treeError({ code: 'store/damaged', message })]
      return {
        ...answered(record, { pointer: saved.pointer, release: servedRelease(saved.release) }),
        findings,
      }
    },
  }
}

/** What a channel answers with, beside what its record says of its pin. */
export function answered(
  record: ChannelRecord,
  served: Pick<StoredChannel, 'pointer' | 'release'>,
): StoredChannel {
  const { pin } = record
  const built = newest(record)
  if (pin === null) return served
  return { ...served, pin, ...(built === undefined ? {} : { newest: pointerOf(built) }) }
}
