import { stat } from 'node:fs/promises'
import { readChannel } from '../../build/publish/channel-state.ts'
import { layoutOf } from '../../build/publish/layout.ts'
import {
  type ChannelRecord,
  entryOf,
  type HistoryEntry,
  newest,
  pointerOf,
} from '../../build/publish/record.ts'
import type { ChannelPin, ChannelPointer } from '../../schemas/channel.ts'

/** What a channel points at on disk, whoever pointed it there. */
export interface Steered {
  readonly pointer: ChannelPointer
  readonly pin: ChannelPin | null
  readonly newest: ChannelPointer | undefined
}

/** Judges an entry of a record. */
export type Accepts = (entry: HistoryEntry, record: ChannelRecord) => boolean

/** Asks what a channel points at, if that is accepted; undefined while nobody has written it since it was asked last. */
export function watchSteering(
  dir: string,
  accepts: Accepts,
): (channel: string) => Promise<Steered | undefined> {
  const layout = layoutOf(dir)
  const stamps = new Map<string, string>()
  return async (channel) => {
    const stamp = await stampOf([layout.pointer(channel), layout.record(channel)])
    if (stamps.get(channel) === stamp) return undefined
    stamps.set(channel, stamp)
    const { pointer, record } = await readChannel(dir, channel)
    const entry = pointer && entryOf(record, pointer)
    if (entry === undefined || !accepts(entry, record)) return undefined
    const built = newest(record)
    return pointer && { pointer, pin: record.pin, newest: built && pointerOf(built) }
  }
}

/** Files are replaced whole, so each change has another inode or another time. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    const found = await stat(file, { bigint: true }).catch(() => undefined)
    return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`
  })
  return (await Promise.all(stamps)).join('\n')
}
