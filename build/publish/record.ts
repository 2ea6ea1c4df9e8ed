import { z } from 'zod'
import {
  type ChannelPin,
  type ChannelPointer,
  channelPinSchema,
  channelPointerSchema,
} from '../../schemas/channel.ts'

/** What a release was built from, in words of whoever publishes (a key is never `__proto__`); the store only keeps them. */
export type Origin = Readonly<Record<string, string | null>>

/** One thing that a channel once pointed at, or would have, had it not been pinned. */
export const historyEntrySchema = z.strictObject({
  ...channelPointerSchema.shape,
  /**
   * `build`: it was published. `held`: it was, but the channel was pinned. `pin`, `unpin`: somebody said so.
   * `rescue`: the release before it is damaged.
   */
  cause: z.enum(['build', 'held', 'pin', 'unpin', 'rescue']),
  origin: z.record(z.string(), z.string().nullable()),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

export const recordHeadSchema = z.strictObject({
  /** The channel's pin. */
  pin: channelPinSchema.nullable(),
  /** The highest serial that was ever given. */
  serial: z.int().min(0),
})

/** All that a store knows of a channel, oldest first. */
export interface ChannelRecord extends z.infer<typeof recordHeadSchema> {
  readonly pin: ChannelPin | null
  readonly entries: readonly HistoryEntry[]
}

export const EMPTY_RECORD: ChannelRecord = { pin: null, serial: 0, entries: [] }

/** True for what the channel once pointed at. */
export function wasPointedAt({ cause }: HistoryEntry): boolean {
  return cause !== 'held'
}

/** True for what was published to the channel. */
export function wasBuilt({ cause }: HistoryEntry): boolean {
  return cause === 'build' || cause === 'held'
}

/** What the channel points at once its pointer is written. */
export function pointed(record: ChannelRecord): HistoryEntry | undefined {
  return record.entries.findLast(wasPointedAt)
}

/** The newest build, whether it is served or held by a pin. */
export function newest(record: ChannelRecord): HistoryEntry | undefined {
  return record.entries.findLast(wasBuilt)
}

/** The entry that a pointer was written for. */
export function entryOf(
  { entries }: ChannelRecord,
  { serial, release }: ChannelPointer,
): HistoryEntry | undefined {
  return entries.findLast(
    (entry) => entry.serial === serial && entry.release === release && wasPointedAt(entry),
  )
}

/** The pointer that an entry was or would have been. */
export function pointerOf({ cause: _, origin: __, ...pointer }: HistoryEntry): ChannelPointer {
  return pointer
}

/** An entry before it has its place in a record. */
export type Move = Omit<HistoryEntry, 'serial'>

/**
 * The record after one more entry. A release that follows itself keeps its serial and the time it was published at,
 * whatever else is new about it; all others get a serial that nobody ever had.
 */
export function moved(record: ChannelRecord, move: Move): ChannelRecord {
  const before = move.cause === 'held' ? newest(record) : pointed(record)
  const same = before !== undefined && before.release === move.release
  const serial = same ? before.serial : record.serial + 1
  const entries = record.entries.filter((one) => !same || one.serial !== serial || one === before)
  const { publishedAt } = same ? before : move
  const entry = { ...move, publishedAt, serial }
  return { ...record, serial: Math.max(record.serial, serial), entries: [...entries, entry] }
}

/** The record with the last `keep` releases, and with those that are pointed at, built last, or pinned. */
export function trimmed(record: ChannelRecord, keep: number): ChannelRecord {
  const kept = new Set(releasesOf(record).slice(-keep))
  for (const one of [pointed(record), newest(record), record.pin]) if (one) kept.add(one.release)
  return { ...record, entries: record.entries.filter(({ release }) => kept.has(release)) }
}

/** Every release of a record, each where it was met last. */
export function releasesOf({ entries }: ChannelRecord): readonly string[] {
  return [...new Set(entries.map(({ release }) => release).reverse())].reverse()
}
