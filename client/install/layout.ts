import { refusal } from './paths.ts'

/** Where an archive lists its files. */
export interface Directory {
  readonly entries: number
  readonly offset: number
  readonly size: number
}

/** Bytes of an archive that belong to one file, headers included. */
export interface Extent {
  readonly path: string
  readonly start: number
  readonly end: number
}

const END_SIGNATURE = 0x06054b50
const END_SIZE = 22
const ZIP64_SIGNATURE = 0x07064b50
const ZIP64_SIZE = 20

/**
 * Reads the record that closes an archive; it has to be the last thing there, and the directory right before it.
 * @throws {CommandError} `install/no-archive`, `install/archive-comment`, `install/stray-bytes`, `install/multi-disk`, `install/zip64`, `install/bad-archive`
 */
export function readEnd(skill: string, bytes: Buffer): Directory {
  const at = findEnd(skill, bytes)
  const [disk, from, here, entries] = [4, 6, 8, 10].map((field) => bytes.readUInt16LE(at + field))
  const [size, offset] = [bytes.readUInt32LE(at + 12), bytes.readUInt32LE(at + 16)]
  const isZip64 = at >= ZIP64_SIZE && bytes.readUInt32LE(at - ZIP64_SIZE) === ZIP64_SIGNATURE
  if (isZip64 || entries === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    throw refusal(skill, 'zip64', 'it is in the form for files beyond 4 GB, expected the plain one')
  }
  if (disk !== 0 || from !== 0) throw refusal(skill, 'multi-disk', 'it goes on elsewhere, expected one file')
  if (entries === undefined || here !== entries) {
    throw refusal(skill, 'bad-archive', `it has ${here} and ${entries} entries, expected one number`)
  }
  if (offset + size > at) throw refusal(skill, 'bad-archive', 'its directory lies beyond its end')
  if (offset + size < at) throw refusal(skill, 'stray-bytes', 'bytes stand behind its directory')
  return { entries, offset, size }
}

function findEnd(skill: string, bytes: Buffer): number {
  const last = bytes.length - END_SIZE
  if (last >= 0 && bytes.readUInt32LE(last) === END_SIGNATURE && bytes.readUInt16LE(last + 20) === 0) {
    return last
  }
  const signature = Buffer.from('PK\x05\x06')
  const found = bytes.lastIndexOf(signature)
  if (found < 0 || found > last) throw refusal(skill, 'no-archive', 'expected a whole zip archive')
  if (bytes.readUInt16LE(found + 20) === last - found) {
    throw refusal(skill, 'archive-comment', `it has a comment of ${last - found} bytes, expected none`)
  }
  throw refusal(skill, 'stray-bytes', 'bytes stand behind its end')
}

/**
 * Lets files through that fill an archive from its first byte to its directory, one after the other.
 * @throws {CommandError} `install/overlap`, `install/stray-bytes`
 */
export function checkLayout(skill: string, extents: readonly Extent[], directory: Directory): void {
  let reached = 0
  for (const { path, start, end } of [...extents].sort((a, b) => a.start - b.start)) {
    if (start < reached) throw refusal(skill, 'overlap', `"${path}" begins inside of another file`)
    if (start > reached) throw refusal(skill, 'stray-bytes', `bytes stand before "${path}"`)
    reached = end
  }
  if (reached > directory.offset) throw refusal(skill, 'overlap', 'its last file reaches into its directory')
  if (reached < directory.offset) throw refusal(skill, 'stray-bytes', 'bytes stand before its directory')
}
