import { isUtf8 } from 'node:buffer'
import type { Entry, LocalFileHeader } from 'yauzl'
import { visible } from '../../schemas/hidden-text.ts'
import { refusal } from './paths.ts'

/** File types of Unix that an archive may name; 0 is none given. */
const TYPE_MASK = 0o170000
const REGULAR = 0o100000
const FOLDER = 0o040000
const LINK = 0o120000
/** Runs a file with the rights of another user, or keeps others from deleting it. */
const SPECIAL_MASK = 0o7000
const UTF8 = 0x800
const DESCRIPTOR = 0x8
/** Second spelling of a name, which some readers take for the first. */
const UNICODE_PATH = 0x7075
const ZIP64 = 0x0001

/**
 * The path of an entry that is a plain file, or a folder, whose path ends with a slash.
 * @throws {CommandError} `install/path-encoding`, `install/link`, `install/special-file`, `install/encrypted`, `install/method`, `install/zip64`, `install/size-lie`
 */
export function checkEntry(skill: string, entry: Entry): string {
  const path = pathOf(skill, entry)
  const isFolder = path.endsWith('/')
  const name = visible(JSON.stringify(path.slice(0, 100)))
  const mode = entry.externalFileAttributes >>> 16
  const type = mode & TYPE_MASK
  if (type === LINK) throw refusal(skill, 'link', `${name} is a link`)
  if ((type !== 0 && type !== (isFolder ? FOLDER : REGULAR)) || (mode & SPECIAL_MASK) !== 0) {
    throw refusal(skill, 'special-file', `${name} is no plain file or folder`)
  }
  checkPacking(skill, entry, name)
  if (isFolder && entry.uncompressedSize > 0) throw refusal(skill, 'size-lie', `folder ${name} has content`)
  return path
}

function checkPacking(skill: string, entry: Entry, name: string): void {
  const { compressionMethod, compressedSize, uncompressedSize } = entry
  if (entry.isEncrypted()) throw refusal(skill, 'encrypted', `${name} is encrypted`)
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw refusal(skill, 'method', `${name} is packed by method ${compressionMethod}, expected 0 or 8`)
  }
  if (entry.extraFields.some(({ id }) => id === ZIP64)) {
    throw refusal(skill, 'zip64', `${name} is in the form for files beyond 4 GB, expected the plain one`)
  }
  if (compressionMethod === 0 && compressedSize !== uncompressedSize) {
    throw refusal(skill, 'size-lie', `${name} is stored, and its two sizes differ`)
  }
}

/** A name has one reading: UTF-8 that says so, or plain ASCII. */
function pathOf(skill: string, entry: Entry): string {
  const raw = entry.fileNameRaw
  const isPlain = raw.every((byte) => byte < 0x80)
  const saysUtf8 = (entry.generalPurposeBitFlag & UTF8) !== 0
  const other = entry.extraFields.find(({ id }) => id === UNICODE_PATH)
  // Behind a version and a checksum.
  const agrees = other === undefined || raw.equals(other.data.subarray(5))
  if (agrees && (isPlain || (saysUtf8 && isUtf8(raw)))) return raw.toString('utf8')
  const shown = visible(JSON.stringify(raw.subarray(0, 100).toString('latin1')))
  throw refusal(skill, 'path-encoding', `path ${shown}: expected one spelling, in UTF-8`)
}

/** True when both headers of an entry say the same of what both of them say. */
export function sameHeaders(entry: Entry, local: LocalFileHeader): boolean {
  const differs =
    !local.fileName.equals(entry.fileNameRaw) ||
    local.compressionMethod !== entry.compressionMethod ||
    local.generalPurposeBitFlag !== entry.generalPurposeBitFlag
  if (differs) return false
  const told = [local.crc32, local.compressedSize, local.uncompressedSize]
  // A writer that did not know them yet wrote zeros, and the truth behind the content.
  if ((local.generalPurposeBitFlag & DESCRIPTOR) !== 0 && told.every((value) => value === 0)) return true
  const meant = [entry.crc32, entry.compressedSize, entry.uncompressedSize]
  return told.every((value, index) => value === meant[index])
}
