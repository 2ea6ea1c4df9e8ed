import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { publish, readPointer, readRelease, type StoredRelease } from '../../build/publish.ts'
import type { Release } from '../../build/release.ts'
import { type ChannelPointer, channelName } from '../../schemas/channel.ts'
import type { Published } from '../channels/channel.ts'
import { type ServedRelease, servedRelease } from './served-release.ts'
import { compilerDigest, readOrigin, type StoreOrigin, writeOrigin } from './store-origin.ts'

/** Where a release comes from; a null commit is the work tree. */
interface ReleaseSource {
  readonly channel: string
  readonly commit: string | null
  /** Tools that the channel could give to its agents; null when nothing was forbidden. */
  readonly ceiling: string | null
}

/** Releases on disk, and which of them each channel answered with last. What is not whole is as good as absent. */
export interface Store {
  /**
   * What a channel answered with last, unless it is known to be built from another folder, from a preview of documents
   * or under another ceiling; undefined asks for no ceiling in particular.
   */
  readonly lastGood: (channel: string, ceiling?: string | null) => Promise<Published | undefined>
  /** The release of a commit, if this very compiler built it from this folder. */
  readonly builtFrom: (source: ReleaseSource) => Promise<Published | undefined>
  readonly publish: (release: Release, source: ReleaseSource) => Promise<Published>
  readonly load: (id: string) => Promise<ServedRelease | undefined>
  /** Every channel that was ever published to. */
  readonly channels: () => Promise<readonly string[]>
}

export interface StoreOptions {
  readonly dir: string
  /** Content folder, absolute: one store never mixes two. */
  readonly content: string
  /** Where documents come from instead of their sources: a preview never passes for the real thing. */
  readonly docsFrom: string | null
  readonly now: () => Date
}

/** Opens a store. The folder is there already. */
export async function openStore({ dir, content, docsFrom, now }: StoreOptions): Promise<Store> {
  const compiler = await compilerDigest()
  let latest: StoredRelease | undefined
  const load = (id: string) => readRelease(dir, id).then(servedRelease, () => undefined)
  const isOurs = (origin: StoreOrigin) => origin.content === content && origin.docsFrom === docsFrom
  const last = async (channel: string, accepts: Accepts) => {
    const pointer = await readPointer(dir, channel).catch(() => undefined)
    if (pointer === undefined) return undefined
    const origin = await readOrigin(dir, channel)
    if (!accepts(pointer, origin?.release === pointer.release ? origin : undefined)) return undefined
    const release = await load(pointer.release)
    return release && { pointer, release }
  }
  return {
    lastGood: (channel, ceiling) =>
      last(channel, (_, origin) => {
        if (origin === undefined) return !ceiling
        return isOurs(origin) && (ceiling === undefined || origin.ceiling === ceiling)
      }),
    builtFrom: ({ channel, commit, ceiling }) =>
      last(channel, (pointer, origin) => {
        if (origin?.compiler !== compiler || origin.ceiling !== ceiling) return false
        return pointer.commit === commit && isOurs(origin)
      }),
    publish: async (release, source) => {
      const previous = latest
      const { pointer, release: stored } = await publish({ store: dir, release, ...source, now, previous })
      latest = stored
      const { channel, ceiling } = source
      await writeOrigin(dir, channel, { release: release.id, content, compiler, docsFrom, ceiling })
      return { pointer, release: servedRelease(stored) }
    },
    load,
    channels: () => channelsIn(dir),
  }
}

/** Judges a pointer by the origin of its release, if one was kept. */
type Accepts = (pointer: ChannelPointer, origin: StoreOrigin | undefined) => boolean

async function channelsIn(dir: string): Promise<string[]> {
  const files = await readdir(join(dir, 'channels')).catch(() => [])
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length))
  return names.filter((name) => channelName.safeParse(name).success).sort()
}
