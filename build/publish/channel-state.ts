import { readdir, readFile } from 'node:fs/promises'
import { type ChannelPointer, channelName } from '../../schemas/channel.ts'
import type { Draft } from './draft.ts'
import { type Layout, layoutOf } from './layout.ts'
import { type ChannelRecord, EMPTY_RECORD, pointed, pointerOf } from './record.ts'
import { parseRecord, pointerText, recordText, settle } from './record-text.ts'

/** What a store knows of one channel. */
export interface ChannelState {
  readonly channel: string
  /** What it points at; undefined when nothing was published to it. */
  readonly pointer: ChannelPointer | undefined
  readonly record: ChannelRecord
  /** What is not as it was written, as sentences for a person. */
  readonly damage: readonly string[]
}

/** Reads what a store knows of a channel. What is damaged is told, and answered by what is not. */
export async function readChannel(store: string, channel: string): Promise<ChannelState> {
  const layout = layoutOf(store)
  // The record goes first: a pointer that is written in between is told of by no entry of it, and is read again.
  for (let left = 3; ; left -= 1) {
    const state = await readOnce(layout, channel)
    if (state.damage.length === 0 || left === 0) return state
  }
}

async function readOnce(layout: Layout, channel: string): Promise<ChannelState> {
  const recordFile = await readIfThere(layout.record(channel))
  const read = recordFile === undefined ? { record: EMPTY_RECORD, damaged: 0 } : parseRecord(recordFile)
  const { record, pointer, damage } = settle(await readIfThere(layout.pointer(channel)), read)
  const lines = `${read.damaged} damaged line${read.damaged === 1 ? '' : 's'}`
  return {
    channel,
    pointer,
    record,
    damage: [
      ...(read.damaged > 0 ? [`Cannot use all of "${layout.record(channel)}": it has ${lines}`] : []),
      ...(damage === undefined ? [] : [`Cannot use "${layout.pointer(channel)}": ${damage}`]),
    ],
  }
}

/**
 * Writes what changed of a channel: its record first, so that no serial is ever forgotten, its pointer last. One that
 * is interrupted in between is carried on by the next that writes.
 */
export async function writeChannel(
  layout: Layout,
  { channel, ...before }: ChannelState,
  { record, draft }: { readonly record: ChannelRecord; readonly draft: Draft },
): Promise<ChannelPointer | undefined> {
  if (record !== before.record || before.damage.length > 0) {
    await draft.put(layout.record(channel), recordText(record))
    await draft.settle()
  }
  const entry = pointed(record)
  if (entry === undefined) return undefined
  const pointer = pointerOf(entry)
  const same = before.pointer !== undefined && pointerText(before.pointer) === pointerText(pointer)
  if (!same || before.damage.length > 0) {
    await draft.put(layout.pointer(channel), pointerText(pointer))
    await draft.settle()
  }
  return pointer
}

/** Every channel that a store knows of, in the order of their names. */
export async function channelsIn(store: string): Promise<string[]> {
  const { channels, history } = layoutOf(store)
  const files = [...(await namesIn(channels)), ...(await namesIn(history))]
  const names = new Set(files.map((file) => file.replace(/\.jsonl?$/, '')))
  return [...names].filter((name) => channelName.safeParse(name).success).sort()
}

/** Names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await whenThere(readdir(folder))) ?? []
}

/** Text of a file; undefined when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return await whenThere(readFile(path, 'utf8'))
}

async function whenThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
