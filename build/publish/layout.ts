import { join } from 'node:path'
import { channelName } from '../../schemas/channel.ts'
import { digestSchema } from '../../schemas/digest.ts'
import { releaseId } from '../../schemas/release.ts'
import { CorruptReleaseError } from './corrupt.ts'

/** Where a store keeps what. The parsers keep hostile names off the disk: a channel is a slug, all else a digest. */
export function layoutOf(store: string) {
  return {
    root: store,
    /** One file per distinct artifact, named by its digest; `<digest>.br` and `<digest>.gz` beside it. */
    objects: join(store, 'objects'),
    object: (digest: string) => join(store, 'objects', digestSchema.parse(digest)),
    /** `<id>.json`: the index of a release, which names its objects. */
    releases: join(store, 'releases'),
    release: (id: string) => join(store, 'releases', `${releaseIdOf(id)}.json`),
    /** `<channel>.json`: the pointer. */
    channels: join(store, 'channels'),
    pointer: (channel: string) => join(store, 'channels', `${channelName.parse(channel)}.json`),
    /** `<channel>.jsonl`: the record, which knows what the pointer was before, and may know more than it. */
    history: join(store, 'history'),
    record: (channel: string) => join(store, 'history', `${channelName.parse(channel)}.jsonl`),
    /** Files that are being written; whoever holds the lock owns them all. */
    drafts: join(store, 'drafts'),
    lock: join(store, 'lock'),
  } as const
}
export type Layout = ReturnType<typeof layoutOf>

function releaseIdOf(id: string): string {
  if (releaseId.safeParse(id).success) return id
  throw new CorruptReleaseError(`Cannot find the release ${JSON.stringify(id)}: expected 64 hex digits`)
}
