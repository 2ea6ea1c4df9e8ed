import { crc32, inflateRawSync } from 'node:zlib'
import { type Entry, fromBufferPromise, type LocalFileHeader, type ZipFile } from 'yauzl'
import { CommandError } from '../../schemas/cli.ts'
import { checkEntry, sameHeaders } from './entry.ts'
import { checkLayout, type Directory, type Extent, readEnd } from './layout.ts'
import { checkPath, checkPaths, LIMITS, refusal } from './paths.ts'

/** The files of a skill, by path. */
export type SkillFiles = ReadonlyMap<string, Uint8Array>

/** Names stay bytes: the library's own reading of them has exceptions. */
const OPTIONS = { lazyEntries: true, decodeStrings: false, validateEntrySizes: false }
const DESCRIPTOR = 0x8
const DESCRIPTOR_SIGNATURE = 0x08074b50

/** One file or folder of an archive, as its directory and its own header tell of it. */
interface Listed {
  readonly path: string
  readonly entry: Entry
  readonly local: LocalFileHeader
}

/**
 * Reads an archive into memory, where every rule is checked before anything touches the disk.
 * @throws {CommandError} `install/<problem>`
 */
export async function unzip(skill: string, bytes: Uint8Array): Promise<SkillFiles> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const directory = readEnd(skill, archive)
  if (directory.entries > 2 * LIMITS.files) {
    throw refusal(skill, 'too-many-files', `${directory.entries} entries, expected ${LIMITS.files} files`)
  }
  const listed = await list(skill, archive, directory)
  const files = listed.filter(({ path }) => !path.endsWith('/'))
  checkAll(skill, files, archive.length)
  checkLayout(
    skill,
    listed.map((one) => extentOf(one, archive)),
    directory,
  )
  return new Map(files.map((one) => [one.path, unpack(skill, one, archive)]))
}

async function list(skill: string, archive: Buffer, directory: Directory): Promise<Listed[]> {
  try {
    const zip = await fromBufferPromise(archive, OPTIONS)
    const listed: Listed[] = []
    for await (const entry of zip.eachEntry()) listed.push(await read(skill, zip, entry))
    const told = listed.reduce((sum, { entry }) => sum + listedBytes(entry), 0)
    if (told === directory.size) return listed
    throw refusal(skill, 'stray-bytes', `its directory has ${directory.size} bytes, its entries ${told}`)
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { message } = error as Error
    throw refusal(skill, /encryption/.test(message) ? 'encrypted' : 'bad-archive', message)
  }
}

async function read(skill: string, zip: ZipFile, entry: Entry): Promise<Listed> {
  const path = checkEntry(skill, entry)
  checkPath(skill, path.replace(/\/$/, ''))
  const local = await zip.readLocalFileHeaderPromise(entry)
  if (sameHeaders(entry, local)) return { path, entry, local }
  throw refusal(skill, 'headers-differ', `the two headers of "${path}" say different things`)
}

function listedBytes({ fileNameLength, extraFieldLength, fileCommentLength }: Entry): number {
  return 46 + fileNameLength + extraFieldLength + fileCommentLength
}

function checkAll(skill: string, files: readonly Listed[], archiveSize: number): void {
  checkPaths(
    skill,
    files.map(({ path }) => path),
  )
  const unpacked = files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0)
  if (unpacked > LIMITS.bytes) {
    throw refusal(skill, 'too-large', `${unpacked} bytes unpacked, expected at most ${LIMITS.bytes}`)
  }
  if (unpacked > archiveSize * LIMITS.ratio) {
    throw refusal(
      skill,
      'bomb',
      `${archiveSize} bytes unpack to ${unpacked}, expected at most ${LIMITS.ratio} times as many`,
    )
  }
}

/** From the file's own header to the end of its content, and of the sizes behind it where a writer put them there. */
function extentOf({ path, entry, local }: Listed, archive: Buffer): Extent {
  const start = entry.relativeOffsetOfLocalHeader
  const end = local.fileDataStart + entry.compressedSize
  if ((entry.generalPurposeBitFlag & DESCRIPTOR) === 0) return { path, start, end }
  const isSigned = end + 4 <= archive.length && archive.readUInt32LE(end) === DESCRIPTOR_SIGNATURE
  return { path, start, end: end + (isSigned ? 16 : 12) }
}

/** The unpacked bytes, which have to be as many as the header says, and to have its checksum. */
function unpack(skill: string, { path, entry, local }: Listed, archive: Buffer): Uint8Array {
  const packed = archive.subarray(local.fileDataStart, local.fileDataStart + entry.compressedSize)
  const bytes = entry.compressionMethod === 0 ? packed : inflate(skill, { path, entry, packed })
  if (bytes.length !== entry.uncompressedSize) {
    throw refusal(skill, 'size-lie', `"${path}" is not as long as its header says`)
  }
  if (crc32(bytes) === entry.crc32) return bytes
  throw refusal(skill, 'checksum', `the CRC-32 of "${path}" does not match its content`)
}

interface Packed {
  readonly path: string
  readonly entry: Entry
  readonly packed: Buffer
}

function inflate(skill: string, { path, entry, packed }: Packed): Buffer {
  const result = tryInflate(packed, Math.max(1, entry.uncompressedSize))
  if (result.why === 'ERR_BUFFER_TOO_LARGE') {
    throw refusal(skill, 'size-lie', `"${path}" is longer than its header says`)
  }
  if (result.bytes === undefined) {
    throw refusal(skill, 'bad-archive', `"${path}" cannot be unpacked: ${result.why}`)
  }
  if (result.read === packed.length) return result.bytes
  throw refusal(skill, 'stray-bytes', `bytes stand behind the content of "${path}"`)
}

interface Inflated {
  readonly bytes?: Buffer
  /** Packed bytes that were needed. */
  readonly read?: number
  readonly why?: string | undefined
}

function tryInflate(packed: Buffer, maxOutputLength: number): Inflated {
  try {
    // With `info` there is an engine beside the bytes, which the types do not know.
    const { buffer, engine } = inflateRawSync(packed, { maxOutputLength, info: true }) as unknown as {
      readonly buffer: Buffer
      readonly engine: { readonly bytesWritten: number }
    }
    return { bytes: buffer, read: engine.bytesWritten }
  } catch (error) {
    return { why: (error as NodeJS.ErrnoException).code }
  }
}
