import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { CommandError } from '../../schemas/cli.ts'
import { checkPaths, LIMITS, refusal } from './paths.ts'

/** The files of a skill, by path. */
export type SkillFiles = ReadonlyMap<string, Uint8Array>

/** File types of Unix that an archive may name; 0 is none given. */
const TYPE_MASK = 0o170000
const REGULAR = 0o100000
const FOLDER = 0o040000
const LINK = 0o120000

const OPTIONS = { lazyEntries: true, decodeStrings: true, validateEntrySizes: true, strictFileNames: true }

/**
 * Reads an archive into memory, where every rule is checked before anything touches the disk.
 * @throws {CommandError} `install/<problem>`
 */
export async function unzip(skill: string, bytes: Uint8Array): Promise<SkillFiles> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), OPTIONS)
    const entries = await listEntries(skill, zip)
    checkEntries(skill, entries, bytes.length)
    const files = new Map<string, Uint8Array>()
    for (const entry of entries) files.set(entry.fileName, await readEntry(skill, zip, entry))
    return files
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw unreadable(skill, error as Error)
  }
}

/** Every entry that is a file; folders are made as files need them. */
async function listEntries(skill: string, zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > 2 * LIMITS.files) {
    throw refusal(
      skill,
      'too-many-files',
      `${zip.entryCount} entries, expected at most ${LIMITS.files} files`,
    )
  }
  const files: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    checkKind(skill, entry)
    if (!entry.fileName.endsWith('/')) files.push(entry)
    else if (entry.uncompressedSize > 0) {
      throw refusal(skill, 'bad-archive', `folder "${entry.fileName}" has content`)
    }
  }
  return files
}

function checkKind(skill: string, entry: Entry): void {
  const name = JSON.stringify(entry.fileName)
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK
  if (type === LINK) throw refusal(skill, 'link', `${name} is a link`)
  const folder = entry.fileName.endsWith('/')
  if (type !== 0 && type !== (folder ? FOLDER : REGULAR)) {
    throw refusal(skill, 'special-file', `${name} is neither a file nor a folder`)
  }
  if (entry.isEncrypted()) throw refusal(skill, 'encrypted', `${name} is encrypted`)
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw refusal(
      skill,
      'bad-archive',
      `${name} is packed by method ${entry.compressionMethod}, expected 0 or 8`,
    )
  }
}

function checkEntries(skill: string, entries: readonly Entry[], archiveSize: number): void {
  checkPaths(
    skill,
    entries.map((entry) => entry.fileName),
  )
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
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

/** The unpacked bytes; what the local header says must be what the directory says, and the checksum must hold. */
async function readEntry(skill: string, zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const local = await zip.readLocalFileHeaderPromise(entry)
  if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod) {
    throw refusal(skill, 'bad-archive', `the two headers of "${entry.fileName}" differ`)
  }
  const bytes = await buffer(await zip.openReadStreamPromise(entry))
  if (bytes.length !== entry.uncompressedSize) {
    throw refusal(skill, 'bad-archive', `"${entry.fileName}" is not as long as its header says`)
  }
  if (crc32(bytes) !== entry.crc32) {
    throw refusal(skill, 'checksum', `the CRC-32 of "${entry.fileName}" does not match its content`)
  }
  return bytes
}

function unreadable(skill: string, error: Error): CommandError {
  const path = /^(invalid characters in fileName|absolute path|invalid relative path): /.test(error.message)
  return refusal(skill, path ? 'bad-path' : 'bad-archive', error.message)
}
