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
  /** Name in the local header. */
  readonly localName?: string
  readonly localMethod?: number
}

export interface ZipLies {
  /** Number of entries that the end record claims. */
  readonly count?: number
  readonly directoryOffset?: number
  readonly diskNumber?: number
  readonly trailing?: Buffer
}

const UTF8 = 0x800

/** Writes an archive byte by byte, lies included. */
export function lyingZip(entries: readonly ZipEntry[], lies: ZipLies = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const written = writeEntry(entry, offset)
    parts.push(...written.local)
    directory.push(written.central)
    offset += written.local.reduce((sum, part) => sum + part.length, 0)
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(lies.diskNumber ?? 0, 4)
  end.writeUInt16LE(lies.count ?? entries.length, 8)
  end.writeUInt16LE(lies.count ?? entries.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(lies.directoryOffset ?? offset, 16)
  return Buffer.concat([...parts, listing, end, lies.trailing ?? Buffer.alloc(0)])
}

function writeEntry(entry: ZipEntry, offset: number): { readonly local: Buffer[]; readonly central: Buffer } {
  const content = Buffer.from(entry.content ?? '')
  const method = entry.method ?? 0
  const packed = entry.packed ?? (method === 8 ? deflateRawSync(content) : content)
  const name = Buffer.from(entry.name as string)
  const localName = Buffer.from(entry.localName ?? name)
  const fields = Buffer.alloc(22)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(entry.flags ?? UTF8, 2)
  fields.writeUInt16LE(method, 4)
  fields.writeUInt16LE(0x21, 8)
  fields.writeUInt32LE(entry.crc ?? crc32(content), 10)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(entry.size ?? content.length, 18)
  const localFields = Buffer.from(fields)
  localFields.writeUInt16LE(entry.localMethod ?? method, 4)
  const lengths = (text: Buffer) => Buffer.from([text.length & 255, text.length >> 8, 0, 0])
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(((entry.mode ?? 0) * 0x10000) >>> 0, 6)
  tail.writeUInt32LE(offset, 10)
  const madeByUnix = Buffer.from([20, 3])
  return {
    local: [Buffer.from('PK\x03\x04'), localFields, lengths(localName), localName, packed],
    central: Buffer.concat([Buffer.from('PK\x01\x02'), madeByUnix, fields, lengths(name), tail, name]),
  }
}
