import type { z } from 'zod'
import { type ChannelPointer, channelPointerSchema } from '../../schemas/channel.ts'
import { digestOf } from '../../schemas/digest.ts'
import { jsonOf } from '../../schemas/json-text.ts'
import {
  type ChannelRecord,
  EMPTY_RECORD,
  type HistoryEntry,
  historyEntrySchema,
  pointed,
  pointerOf,
  recordHeadSchema,
} from './record.ts'

/** A record as read, and what had to be left out. */
export interface ReadRecord {
  readonly record: ChannelRecord
  /** Lines that are not what was written. */
  readonly damaged: number
}

/** A record as text: one line for its head, one for each entry, each behind a checksum of its own. */
export function recordText({ entries, pin, serial }: ChannelRecord): string {
  return [{ pin, serial }, ...entries].map(line).join('')
}

/**
 * Reads a record. A damaged line costs itself and no other one. Without its head, the channel counts as pinned to
 * what it points at: what somebody fixed does not move by accident.
 */
export function parseRecord(text: string): ReadRecord {
  const [first, ...rest] = text.split('\n').slice(0, -1)
  const head = parsed(first, recordHeadSchema)
  const lines = rest.map((one) => parsed(one, historyEntrySchema))
  const entries = lines.filter((one) => one !== undefined)
  const lost = lines.length - entries.length
  const highest = Math.max(0, ...entries.map(({ serial }) => serial))
  if (head !== undefined) {
    return { record: { ...head, serial: Math.max(head.serial, highest), entries }, damaged: lost }
  }
  const served = pointed({ ...EMPTY_RECORD, entries })
  const pin =
    served === undefined ? null : { release: served.release, from: null, pinnedAt: served.publishedAt }
  return { record: { pin, serial: highest + lost, entries }, damaged: lost + 1 }
}

/** What a channel points at, and what its record says of it. */
export interface Settled {
  readonly record: ChannelRecord
  readonly pointer: ChannelPointer | undefined
  /** Undefined when the pointer is what was written. */
  readonly damage: string | undefined
}

/**
 * Holds a pointer's file against the record, which was written before it: one that no entry tells of is not what was
 * written, so the record's own word holds. Where the record is the damaged one, the pointer's word does.
 */
export function settle(text: string | undefined, { record, damaged }: ReadRecord): Settled {
  const last = pointed(record)
  const pointer = text === undefined ? undefined : readPointerText(text)
  if (pointer === undefined) {
    const damage = text === undefined && last === undefined ? undefined : 'it is not whole'
    return { record, pointer: last && pointerOf(last), damage }
  }
  const told = record.entries.some((entry) => sameText(pointerOf(entry), pointer))
  if (told) return { record, pointer, damage: undefined }
  const known = record.entries.some(({ serial }) => serial === pointer.serial)
  if (last !== undefined && (known || damaged === 0)) {
    return { record, pointer: pointerOf(last), damage: 'its record tells otherwise' }
  }
  return { record: withEntry(record, { ...pointer, cause: 'build', origin: {} }), pointer, damage: undefined }
}

function withEntry(record: ChannelRecord, entry: HistoryEntry): ChannelRecord {
  const entries = [...record.entries, entry].sort((a, b) => a.serial - b.serial)
  return { ...record, entries, serial: Math.max(record.serial, entry.serial) }
}

/** The text of a pointer's file. */
export function pointerText(pointer: ChannelPointer): string {
  return `${JSON.stringify(pointer, null, 1)}\n`
}

function readPointerText(text: string): ChannelPointer | undefined {
  return channelPointerSchema.safeParse(jsonOf(text)).data
}

function sameText(a: ChannelPointer, b: ChannelPointer): boolean {
  return pointerText(channelPointerSchema.parse(a)) === pointerText(b)
}

const CHECKSUM_LENGTH = 32

function line(value: unknown): string {
  const text = JSON.stringify(value)
  return `${checksum(text)} ${text}\n`
}

function parsed<S extends z.ZodType>(text: string | undefined, schema: S): z.infer<S> | undefined {
  if (text === undefined) return undefined
  const value = text.slice(CHECKSUM_LENGTH + 1)
  if (text !== `${checksum(value)} ${value}`) return undefined
  return schema.safeParse(jsonOf(value)).data
}

function checksum(text: string): string {
  return digestOf(text).slice(0, CHECKSUM_LENGTH)
}
