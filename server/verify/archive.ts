import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { skillPath } from '../../schemas/ids.ts'

/** The files of an archive in its order, or why nobody should unpack it. */
export type Unpacked =
  | { readonly files: ReadonlyMap<string, Uint8Array>; readonly fault?: undefined }
  | { readonly files?: undefined; readonly fault: string }

const TYPE_MASK = 0o170000
const REGULAR = 0o100000
const MAX_FILES = 20_000
/** Bytes that one archive may unpack to. */
const MAX_BYTES = 256 * 1024 * 1024

const OPTIONS = { lazyEntries: true, decodeStrings: true, validateEntrySizes: true, strictFileNames: true }

/** Unpacks an archive in memory; yauzl sees to sizes and paths, and what it lets through is checked here. */
export async function unpackStrictly(bytes: Uint8Array): Promise<Unpacked> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), OPTIONS)
    const files = new Map<string, Uint8Array>()
    const folded = new Set<string>()
    let size = 0
    for await (const entry of zip.eachEntry()) {
      size += entry.uncompressedSize
      const fault = faultOf(entry, { size, count: folded.size, folded })
      if (fault !== undefined) return { fault }
      const read = await readEntry(zip, entry)
      if (typeof read === 'string') return { fault: read }
      files.set(entry.fileName, read)
    }
    return { files }
  } catch (error) {
    return { fault: `an archive that cannot be read: ${(error as Error).message}` }
  }
}

interface SoFar {
  readonly size: number
  readonly count: number
  /** Names as a file system that does not tell case or form apart would have them. */
  readonly folded: Set<string>
}

function faultOf(entry: Entry, { size, count, folded }: SoFar): string | undefined {
  const { fileName } = entry
  const name = JSON.stringify(fileName)
  if (count >= MAX_FILES || size > MAX_BYTES) return `more than ${MAX_FILES} files or ${MAX_BYTES} bytes`
  if (!skillPath.safeParse(fileName).success) return `the name ${name}`
  const key = fileName.normalize('NFC').toLowerCase()
  if (folded.has(key)) return `the name ${name} twice`
  folded.add(key)
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK
  if (type !== 0 && type !== REGULAR) return `${name}, which is no regular file`
  if (entry.isEncrypted()) return `${name}, which is encrypted`
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    return `${name}, packed by method ${entry.compressionMethod}`
  return undefined
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array | string> {
  const name = JSON.stringify(entry.fileName)
  const local = await zip.readLocalFileHeaderPromise(entry)
  if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod)
    return `${name}, whose two headers differ`
  const bytes = await buffer(await zip.openReadStreamPromise(entry))
  if (bytes.length !== entry.uncompressedSize) return `${name}, which is not as long as its header says`
  if (crc32(bytes) !== entry.crc32) return `${name}, whose checksum does not hold`
  return bytes
}
