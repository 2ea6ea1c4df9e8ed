import { hiddenCharacters } from '../schemas/hidden-text.ts'

/** Bytes of the largest file that is read. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024

const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i
const MAX_SEGMENT_BYTES = 255

/** True for the paths of a content root that are content: no dot-folders, no packages, no notes for authors. */
export function isContentPath(path: string): boolean {
  const parts = path.split('/')
  if (parts.some((part) => part.startsWith('.') || part === 'node_modules')) return false
  return !(parts[0] === 'agents' && /^readme(\.[a-z]+)?$/i.test(parts.at(-1) ?? ''))
}

/** True for what lies in any folder without being content: notes for people, and what tools leave behind. */
export function isNote(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return NOTES.test(name) || LEFTOVERS.test(name)
}

const NOTES = /^(readme|licen[cs]e|copying|notice|changelog|contributing|authors)([.-].*)?$/i
const LEFTOVERS =
  /~$|^#.*#$|\.(bak|orig|rej|swp|swo|tmp)$|^(thumbs\.db|desktop\.ini|icon\r|(ts|js)config.*\.json|package\.json)$/i

/** Why a path cannot be carried to every machine that will unpack it; undefined when it can. */
export function contentPathProblem(path: string): string | undefined {
  if (path.normalize('NFC') !== path) return 'it is not in Unicode normal form C'
  if (path.includes('\uFFFD') || hiddenCharacters(path).length > 0 || /[\t\n]/.test(path)) {
    return 'it holds a character that a reader cannot see'
  }
  return path
    .split('/')
    .map(segmentProblem)
    .find((problem) => problem !== undefined)
}

/** Order of paths: by code unit, the same on every machine. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '' || segment === '.' || segment === '..') return 'it has an empty, "." or ".." segment'
  if (/[\\:*?"<>|]/.test(segment)) return 'it holds one of \\ : * ? " < > |'
  if (/[. ]$/.test(segment) || segment.startsWith(' '))
    return 'a segment begins or ends with a space, or ends with a dot'
  if (DEVICE.test(segment)) return `"${segment}" is a device name on Windows`
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)
    return `a segment is longer than ${MAX_SEGMENT_BYTES} bytes`
  return undefined
}
