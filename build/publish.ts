import { type ChannelPointer, channelName } from '../schemas/channel.ts'
import { readChannel, writeChannel } from './publish/channel-state.ts'
import { withDraft } from './publish/draft.ts'
import { withLock } from './publish/lock.ts'
import { type Objects, openObjects } from './publish/objects.ts'
import {
  type ChannelRecord,
  type HistoryEntry,
  type Move,
  moved,
  newest,
  type Origin,
  pointed,
  releasesOf,
} from './publish/record.ts'
import { type StoredRelease, writeRelease } from './publish/release-file.ts'
import { isOverfull, KEEP, sweep } from './publish/sweep.ts'
import type { Release } from './release.ts'

export { CorruptReleaseError, MissingReleaseError } from './publish/corrupt.ts'
export { readRelease, type StoredRelease, withEncodings } from './publish/release-file.ts'

/** What goes where. */
export interface PublishOptions {
  readonly store: string
  readonly release: Release
  readonly channel: string
  /** Commit the release was built from; null for the work tree. */
  readonly commit: string | null
  readonly now: () => Date
  /** What the release was built from, for whoever asks later. */
  readonly origin?: Origin | undefined
  /** The store's objects as this process knows them, so that what it has seen is not read again. */
  readonly objects?: Objects | undefined
  /** Releases that a channel keeps. */
  readonly keep?: number | undefined
}

/** What a publication came to. */
export interface Publication {
  /** What the channel points at now: this release, or that of its pin. */
  readonly pointer: ChannelPointer
  /** The release with the encodings that were made or found. */
  readonly release: StoredRelease
  /** The channel's pin and history after it. */
  readonly record: ChannelRecord
}

/**
 * Puts a release into a store and lets a channel point at it. When the promise resolves both are on disk; at any
 * moment before, the channel points at a whole release, the old or the new one. A pinned channel stays where it is.
 */
export async function publish(options: PublishOptions): Promise<Publication> {
  const { store, channel, release, keep = KEEP, objects = openObjects(store) } = options
  channelName.parse(channel)
  return await withLock(store, (layout) =>
    withDraft(layout, async (draft, interrupted) => {
      const stored = await writeRelease(layout, release, { objects, draft })
      const state = await readChannel(store, channel)
      const record = recordAfter(state.record, options)
      const pointer = await writeChannel(layout, state, { record, draft })
      if (pointer === undefined)
        throw new Error(`The channel "${channel}" points at nothing after a publication`)
      if (interrupted || isOverfull(releasesOf(record).length, keep)) await sweep(layout, draft, keep)
      return { pointer, release: stored, record }
    }),
  )
}

/**
 * Puts a release into a store ahead of its publication, which finds it there: nothing points at it yet, and what is
 * never published is swept away one day.
 */
export async function stage({
  store,
  release,
  keep = KEEP,
  objects = openObjects(store),
}: Pick<PublishOptions, 'store' | 'release' | 'keep' | 'objects'>): Promise<void> {
  await withLock(store, (layout) =>
    withDraft(layout, async (draft, interrupted) => {
      // Before anything is there that no channel names.
      if (interrupted) await sweep(layout, draft, keep)
      await writeRelease(layout, release, { objects, draft })
    }),
  )
}

/** What a channel points at; undefined when nothing was published to it. */
export async function readPointer(store: string, channel: string): Promise<ChannelPointer | undefined> {
  return (await readChannel(store, channel)).pointer
}

function recordAfter(record: ChannelRecord, options: PublishOptions): ChannelRecord {
  const { release, commit, now } = options
  const pinned = record.pin !== null
  const before = pinned ? newest(record) : pointed(record)
  const origin = options.origin ?? before?.origin ?? {}
  const move: Move = {
    ...{ channel: options.channel, release: release.id, commit },
    ...{ publishedAt: now().toISOString(), cause: pinned ? 'held' : 'build', origin },
  }
  return before !== undefined && isSame(before, move) ? record : moved(record, move)
}

function isSame(before: HistoryEntry, { release, commit, origin }: Move): boolean {
  if (before.release !== release || before.commit !== commit) return false
  const keys = new Set([...Object.keys(before.origin), ...Object.keys(origin)])
  return [...keys].every((key) => before.origin[key] === origin[key])
}
