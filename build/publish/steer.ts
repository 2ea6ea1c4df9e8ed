import { type ChannelPin, type ChannelPointer, channelName } from '../../schemas/channel.ts'
import { type ChannelState, readChannel, writeChannel } from './channel-state.ts'
import { withDraft } from './draft.ts'
import { withLock } from './lock.ts'
import { type Objects, openObjects } from './objects.ts'
import {
  type ChannelRecord,
  type HistoryEntry,
  moved,
  newest,
  pointed,
  pointerOf,
  releasesOf,
  wasPointedAt,
} from './record.ts'
import { readRelease, type StoredRelease } from './release-file.ts'

/** Which channel of which store. */
export interface Steering {
  readonly store: string
  readonly channel: string
  readonly now: () => Date
}

/** What a channel is to stay at. */
export interface PinOptions extends Steering {
  readonly release: string
  /** Channel whose release it is; null when somebody named the release. */
  readonly from: string | null
}

/**
 * Lets a channel point at a release of its store until it is unpinned, whatever is published to it meanwhile.
 *
 * @throws {CorruptReleaseError} when the store does not hold that release whole.
 */
export async function pinChannel({ release, from, ...steering }: PinOptions): Promise<ChannelPointer> {
  const { store, channel, now } = steering
  channelName.parse(channel)
  const known = await knownEntry(store, release, [channel, ...(from === null ? [] : [from])])
  const pin: ChannelPin = { release, from: from && channelName.parse(from), pinnedAt: now().toISOString() }
  const pointer = await change(steering, async ({ record }) => {
    // Under the lock: nobody sweeps it away any more.
    await readRelease(store, release)
    const to = { release, commit: known?.commit ?? null, origin: known?.origin ?? {} }
    return { ...movedTo(record, to, { cause: 'pin', ...steering }), pin }
  })
  if (pointer === undefined) throw new Error(`The channel "${channel}" points at nothing after it was pinned`)
  return pointer
}

/** Lets a channel point at its newest build again; undefined when there was never one. */
export async function unpinChannel(steering: Steering): Promise<ChannelPointer | undefined> {
  return await change(steering, ({ record }) => {
    if (record.pin === null) return record
    const to = newest(record)
    const after = to === undefined ? record : movedTo(record, to, { cause: 'unpin', ...steering })
    return { ...after, pin: null }
  })
}

/** A release that a channel fell back to. */
export interface Rescue {
  readonly pointer: ChannelPointer
  readonly release: StoredRelease
}

/** What a channel may fall back to. */
export interface RescueOptions extends Steering {
  readonly objects?: Objects
  readonly accepts: (entry: HistoryEntry) => boolean
}

/**
 * The last whole release that a channel has pointed at; undefined when there is none. It gets a serial of its own, so
 * no client takes it for a step back; where the store cannot be written, it is answered under the one it had.
 */
export async function rescue({ objects, accepts, ...steering }: RescueOptions): Promise<Rescue | undefined> {
  const { store, channel } = steering
  const { record, pointer: before } = await readChannel(store, channel)
  const served = record.entries.filter(wasPointedAt)
  for (const id of releasesOf({ ...record, entries: served }).toReversed()) {
    const entry = served.findLast(({ release }) => release === id)
    if (entry === undefined || !accepts(entry)) continue
    const release = await readRelease(store, id, objects ?? openObjects(store)).catch(() => undefined)
    if (release === undefined) continue
    const pointer = await change(steering, (state) => {
      const isKept = releasesOf(state.record).includes(id)
      if (state.pointer?.serial !== before?.serial || !isKept) return state.record
      return movedTo(state.record, entry, { cause: 'rescue', ...steering })
    }).catch(() => pointerOf(entry))
    return pointer?.release === id ? { pointer, release } : undefined
  }
  return undefined
}

async function change(
  { store, channel }: Steering,
  after: (state: ChannelState) => ChannelRecord | Promise<ChannelRecord>,
): Promise<ChannelPointer | undefined> {
  return await withLock(store, (layout) =>
    withDraft(layout, async (draft) => {
      const state = await readChannel(store, channel)
      return await writeChannel(layout, state, { record: await after(state), draft })
    }),
  )
}

type Target = Pick<HistoryEntry, 'release' | 'commit' | 'origin'>

interface Because extends Steering {
  readonly cause: HistoryEntry['cause']
}

function movedTo(record: ChannelRecord, to: Target, { cause, channel, now }: Because): ChannelRecord {
  if (pointed(record)?.release === to.release) return record
  const { release, commit, origin } = to
  return moved(record, { channel, release, commit, origin, cause, publishedAt: now().toISOString() })
}

async function knownEntry(
  store: string,
  release: string,
  channels: readonly string[],
): Promise<HistoryEntry | undefined> {
  for (const channel of channels) {
    const { record } = await readChannel(store, channel)
    const entry = record.entries.findLast((one) => one.release === release)
    if (entry !== undefined) return entry
  }
  return undefined
}
