import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of an archive; every field of a header may differ from the truth. */
export interface ZipEntry {
  readonly name: string | Buffer
  readonly content?: string | Buffer
  readonly method?: number
  /** Bytes as they stand in the archive; else packed from `content`. */
  readonly packed?: Buffer
  readonly size?: number
  readonly crc?: number
  /** Unix mode, file type included. */
  readonly mode?: number
  readonly flags?: number
  /** Extra field of both headers. */
  readonly extra?: Buffer
  readonly comment?: string
  /** What only the local header says. */
  readonly local?: Partial<Pick<ZipEntry, 'name' | 'method' | 'size' | 'crc' | 'flags'>>
  /** Bytes in front of the local header, and behind the content. */
  readonly before?: Buffer
  readonly behind?: Buffer
  /** Sizes and checksum behind the content, as a streaming writer does. */
  readonly descriptor?: 'signed' | 'bare'
  /** Where the directory says that the entry stands. */
  readonly offset?: number
}

export interface ZipLies {
  /** Number of entries that the end record claims; on this disk, when that is another number. */
  readonly count?: number
  readonly countHere?: number
  readonly directoryOffset?: number
  readonly diskNumber?: number
  readonly leading?: Buffer
  /** Between the directory and the end record. */
  readonly gap?: Buffer
  readonly comment?: Buffer
  readonly trailing?: Buffer
}

const UTF8 = 0x800
const DESCRIPTOR = 0x8
const NOTHING = Buffer.alloc(0)

/** An extra field. */
export function extraField(id: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([id & 255, id >> 8, data.length & 255, data.length >> 8]), data])
}

/** Writes an archive byte by byte, lies included. */
export function lyingZip(entries: readonly ZipEntry[], lies: ZipLies = {}): Buffer {
  const parts: Buffer[] = [lies.leading ?? NOTHING]
  const directory: Buffer[] = []
  let offset = parts[0]?.length ?? 0
  for (const entry of entries) {
    const before = entry.before ?? NOTHING
    const written = writeEntry(entry, entry.offset ?? offset + before.length)
    parts.push(before, written.local)
    directory.push(written.central)
    offset += before.length + written.local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(lies.diskNumber ?? 0, 4)
  end.writeUInt16LE((lies.countHere ?? lies.count ?? entries.length) & 0xffff, 8)
  end.writeUInt16LE((lies.count ?? entries.length) & 0xffff, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(lies.directoryOffset ?? offset, 16)
  const comment = lies.comment ?? NOTHING
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, listing, lies.gap ?? NOTHING, end, comment, lies.trailing ?? NOTHING])
}

function writeEntry(entry: ZipEntry, offset: number): { readonly local: Buffer; readonly central: Buffer } {
  const content = Buffer.from(entry.content ?? '')
  const packed = packedOf(entry, content)
  const { name, method = 0, size = content.length, crc = crc32(content), mode = 0 } = entry
  const flags = entry.flags ?? UTF8 | (entry.descriptor ? DESCRIPTOR : 0)
  const told: Told = { name, method, size, crc, flags, packed: packed.length, extra: entry.extra ?? NOTHING }
  const unknown = entry.descriptor ? { crc: 0, size: 0, packed: 0 } : {}
  const tail = Buffer.alloc(14)
  const comment = Buffer.from(entry.comment ?? '')
  tail.writeUInt16LE(comment.length, 0)
  tail.writeUInt32LE((mode * 0x10000) >>> 0, 6)
  tail.writeUInt32LE(offset, 10)
  const madeByUnix = Buffer.from([20, 3])
  const [first, ...rest] = header({ ...told, ...unknown, ...entry.local })
  const [fields, lengths, ...names] = header(told)
  return {
    local: Buffer.concat([
      ...[Buffer.from('PK\x03\x04'), first ?? NOTHING, ...rest, packed],
      ...[entry.behind ?? NOTHING, descriptorOf(entry, told)],
    ]),
    central: Buffer.concat([
      ...[Buffer.from('PK\x01\x02'), madeByUnix, fields ?? NOTHING, lengths ?? NOTHING, tail],
      ...[...names, comment],
    ]),
  }
}

function packedOf({ packed, method }: ZipEntry, content: Buffer): Buffer {
  return packed ?? (method === 8 ? deflateRawSync(content) : content)
}

interface Told {
  readonly name: string | Buffer
  readonly method: number
  readonly size: number
  readonly packed: number
  readonly crc: number
  readonly flags: number
  readonly extra: Buffer
}

/** The fields both headers have, the lengths of name and extra field, and these. */
function header({ name, method, size, packed, crc, flags, extra }: Told): Buffer[] {
  const fields = Buffer.alloc(22)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(flags, 2)
  fields.writeUInt16LE(method, 4)
  fields.writeUInt16LE(0x21, 8)
  fields.writeUInt32LE(crc, 10)
  fields.writeUInt32LE(packed, 14)
  fields.writeUInt32LE(size, 18)
  const text = Buffer.from(name as string)
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16LE(text.length, 0)
  lengths.writeUInt16LE(extra.length, 2)
  return [fields, lengths, text, extra]
}

function descriptorOf({ descriptor }: ZipEntry, { crc, size, packed }: Told): Buffer {
  if (descriptor === undefined) return NOTHING
  const numbers = Buffer.alloc(12)
  numbers.writeUInt32LE(crc, 0)
  numbers.writeUInt32LE(packed, 4)
  numbers.writeUInt32LE(size, 8)
  return descriptor === 'bare' ? numbers : Buffer.concat([Buffer.from('PK\x07\x08'), numbers])
}
