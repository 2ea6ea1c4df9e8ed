import { CommandError } from '../../schemas/cli.ts'
import { hiddenCharacters, visible } from '../../schemas/hidden-text.ts'
import type { Problem } from './problems.ts'

/** What one skill may hold. */
export const LIMITS = {
  files: 512,
  /** All files together, unpacked; bytes. */
  bytes: 16 * 1024 * 1024,
  /** Unpacked bytes per archive byte. */
  ratio: 200,
  /** Folders and file name together. */
  depth: 8,
  pathLength: 400,
  /** One folder or file name; bytes. */
  partBytes: 200,
} as const

/** An artifact that is not installed. */
export function refusal(skill: string, problem: Problem, ...[why, cause]: [string, unknown?]): CommandError {
  return new CommandError(`install/${problem}`, `Cannot install skill "${skill}": ${why}`, { cause })
}

/** Why one path cannot be written below a skill's folder. */
export interface PathProblem {
  readonly problem: Problem
  readonly expected: string
}

/** Names that mean a device on some file system, and characters that some file system reads as more than a name. */
const DEVICE = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$|clock\$)(\.|$)/i
const UNSAFE = /[\p{C}\\:*?"<>|\u2028\u2029\uFFFD]/u
/** Names that an object of JavaScript has already. */
const WORDS = ['__proto__', 'constructor', 'prototype']

/** What is wrong with one path, or null. */
export function pathProblem(path: string): PathProblem | null {
  if (path.length > LIMITS.pathLength) {
    return { problem: 'path-long', expected: `at most ${LIMITS.pathLength} characters` }
  }
  const parts = path.split('/')
  if (/^[/\\]|^[a-z]:/i.test(path) || path.split(/[/\\]/).includes('..')) {
    return { problem: 'path-outside', expected: 'a path that stays inside the skill' }
  }
  if (UNSAFE.test(path) || hiddenCharacters(path).length > 0) {
    return { problem: 'path-character', expected: 'forward slashes and no hidden or reserved characters' }
  }
  if (parts.length > LIMITS.depth) return { problem: 'path-long', expected: `at most ${LIMITS.depth} levels` }
  return parts.map(partProblem).find((found) => found !== null) ?? null
}

function partProblem(part: string): PathProblem | null {
  if (part === '' || part === '.' || /[. ]$/.test(part) || DEVICE.test(part) || WORDS.includes(part)) {
    return { problem: 'path-name', expected: 'names that every file system takes' }
  }
  if (part.startsWith('.')) return { problem: 'path-hidden', expected: 'names without a dot in front' }
  if (Buffer.byteLength(part) <= LIMITS.partBytes) return null
  return { problem: 'path-long', expected: `names of at most ${LIMITS.partBytes} bytes` }
}

/**
 * Lets one path through that can be written below a skill's folder on any file system.
 * @throws {CommandError} `install/path-…`
 */
export function checkPath(skill: string, path: string): void {
  const found = pathProblem(path)
  if (found === null) return
  const shown = visible(JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path))
  throw refusal(skill, found.problem, `path ${shown}: expected ${found.expected}`)
}

/**
 * Lets a set of paths through that can be written as one skill on any file system.
 * @throws {CommandError} `install/path-…`, `install/duplicate-path`, `install/file-and-folder`, `install/too-many-files`, `install/no-skill-file`
 */
export function checkPaths(skill: string, paths: readonly string[]): void {
  if (paths.length > LIMITS.files) {
    throw refusal(skill, 'too-many-files', `${paths.length} files, expected at most ${LIMITS.files}`)
  }
  const files = new Map<string, string>()
  for (const path of paths) {
    checkPath(skill, path)
    const other = files.get(folded(path))
    if (other !== undefined) {
      throw refusal(skill, 'duplicate-path', `"${path}" and "${other}" are one file on some file systems`)
    }
    files.set(folded(path), path)
  }
  for (const path of paths) {
    const other = ancestors(folded(path)).find((folder) => files.has(folder))
    if (other !== undefined) {
      throw refusal(skill, 'file-and-folder', `"${files.get(other)}" is a file and a folder of "${path}"`)
    }
  }
  if (!paths.includes('SKILL.md')) throw refusal(skill, 'no-skill-file', 'expected "SKILL.md" at its root')
}

/** Equal for names that a case-insensitive or normalizing file system takes for one. */
function folded(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase()
}

function ancestors(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))
}
