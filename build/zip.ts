import { crc32 } from 'node:zlib'
import { comparePaths } from './content-path.ts'
import { deflate } from './deflate.ts'

/** A file that is ready to be put into any number of archives. */
export interface Member {
  readonly path: string
  readonly name: Uint8Array
  readonly crc: number
  readonly size: number
  /** As it stands in the archive. */
  readonly packed: Uint8Array
  readonly isDeflated: boolean
}

/** How an archive is made. */
export interface ZipOptions {
  /** `name` unless the order of the files is a part of the format. */
  readonly order?: 'name' | 'given'
}

/** An archive of files; equal files give equal bytes. */
export function zip(
  files: Iterable<readonly [path: string, content: Uint8Array | string]>,
  options: ZipOptions = {},
): Uint8Array {
  return zipOf(
    [...files].map(([path, content]) => member(content, path)),
    options,
  )
}

/**
 * Makes a file ready. It is packed by JavaScript, not by Node's zlib: what zlib makes of the same bytes differs from one
 * processor to the next, and an archive is named by its digest.
 */
export function member(content: Uint8Array | string, path: string): Member {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  // What is an archive already does not get smaller.
  const isDeflated = !path.endsWith('.zip')
  const packed = isDeflated ? deflate(bytes) : bytes
  return {
    path,
    name: new TextEncoder().encode(path),
    crc: crc32(bytes),
    size: bytes.length,
    packed,
    isDeflated,
  }
}

/** An archive of files that are ready. */
export function zipOf(members: readonly Member[], { order = 'name' }: ZipOptions = {}): Uint8Array {
  const inOrder = order === 'name' ? members.toSorted((a, b) => comparePaths(a.path, b.path)) : members
  const total = inOrder.reduce(
    (sum, { name, packed }) => sum + LOCAL + CENTRAL + 2 * name.length + packed.length,
    END,
  )
  const bytes = new Uint8Array(total)
  const archive: Archive = { bytes, view: new DataView(bytes.buffer) }
  const offsets: number[] = []
  let at = 0
  for (const file of inOrder) {
    offsets.push(at)
    at = writeLocal(archive, at, file)
  }
  const directory = at
  for (const [nth, file] of inOrder.entries()) {
    at = writeCentral(archive, at, { file, offset: offsets[nth] ?? 0 })
  }
  archive.view.setUint32(at, 0x06054b50, true)
  archive.view.setUint16(at + 8, inOrder.length, true)
  archive.view.setUint16(at + 10, inOrder.length, true)
  archive.view.setUint32(at + 12, at - directory, true)
  archive.view.setUint32(at + 16, directory, true)
  return bytes
}

const LOCAL = 30
const CENTRAL = 46
const END = 22
/** 1980-01-01, midnight: the first moment that an archive can tell. */
const DATE = 0x0021_0000
const VERSION = 20
const DEFLATED = 8
/** The name is UTF-8. */
const UNICODE = 0x0800

interface Archive {
  readonly bytes: Uint8Array
  readonly view: DataView
}

function writeLocal({ bytes, view }: Archive, at: number, file: Member): number {
  view.setUint32(at, 0x04034b50, true)
  writeShared(view, at + 4, file)
  bytes.set(file.name, at + LOCAL)
  bytes.set(file.packed, at + LOCAL + file.name.length)
  return at + LOCAL + file.name.length + file.packed.length
}

function writeCentral(
  { bytes, view }: Archive,
  at: number,
  { file, offset }: { readonly file: Member; readonly offset: number },
): number {
  view.setUint32(at, 0x02014b50, true)
  view.setUint16(at + 4, VERSION, true)
  writeShared(view, at + 6, file)
  view.setUint32(at + 42, offset, true)
  bytes.set(file.name, at + CENTRAL)
  return at + CENTRAL + file.name.length
}

/** What both headers of a file say, in the same order. */
function writeShared(
  view: DataView,
  at: number,
  { path, name, crc, size, packed, isDeflated }: Member,
): void {
  view.setUint16(at, VERSION, true)
  view.setUint16(at + 2, name.length === path.length ? 0 : UNICODE, true)
  view.setUint16(at + 4, isDeflated ? DEFLATED : 0, true)
  view.setUint32(at + 6, DATE, true)
  view.setUint32(at + 10, crc, true)
  view.setUint32(at + 14, packed.length, true)
  view.setUint32(at + 18, size, true)
  view.setUint16(at + 22, name.length, true)
}
