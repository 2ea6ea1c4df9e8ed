import { CommandError } from '../../schemas/cli.ts'

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
} as const

/** An artifact that is not installed. `problem` makes the code `install/<problem>`. */
export function refusal(skill: string, problem: string, why: string): CommandError {
  return new CommandError(`install/${problem}`, `Cannot install skill "${skill}": ${why}`)
}

/** Names that mean a device on some file system, and characters that some file system reads as more than a name. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const UNSAFE = /[\p{C}\\:*?"<>|\u2028\u2029\uFFFD]/u

/** Why one path cannot be written below a skill's folder, or null. */
export function pathProblem(path: string): string | null {
  if (path === '' || path.length > LIMITS.pathLength) return `expected 1 to ${LIMITS.pathLength} characters`
  if (UNSAFE.test(path)) return 'expected forward slashes and no control or reserved characters'
  const parts = path.split('/')
  if (parts.length > LIMITS.depth) return `expected at most ${LIMITS.depth} levels`
  const bad = parts.find(
    (part) => part === '' || /^\.{1,2}$/.test(part) || /[. ]$/.test(part) || DEVICE.test(part),
  )
  return bad === undefined ? null : 'expected a relative path whose every part is a portable name'
}

/**
 * Lets a set of paths through that can be written as one skill on any file system.
 * @throws {CommandError} `install/bad-path`, `install/duplicate-path`, `install/too-many-files`, `install/no-skill-file`
 */
export function checkPaths(skill: string, paths: readonly string[]): void {
  if (paths.length > LIMITS.files) {
    throw refusal(skill, 'too-many-files', `${paths.length} files, expected at most ${LIMITS.files}`)
  }
  for (const path of paths) {
    const problem = pathProblem(path)
    if (problem !== null) throw refusal(skill, 'bad-path', `path ${JSON.stringify(path)}: ${problem}`)
  }
  const files = new Map<string, string>()
  for (const path of paths) {
    const other = files.get(folded(path))
    if (other !== undefined) {
      throw refusal(skill, 'duplicate-path', `"${path}" and "${other}" are one file on some file systems`)
    }
    files.set(folded(path), path)
  }
  for (const path of paths) {
    const other = ancestors(folded(path)).find((folder) => files.has(folder))
    if (other !== undefined) {
      throw refusal(skill, 'duplicate-path', `"${files.get(other)}" is a file and a folder of "${path}"`)
    }
  }
  if (!paths.includes('SKILL.md')) throw refusal(skill, 'no-skill-file', 'expected "SKILL.md" at its root')
}

/** Equal for names that a case-insensitive or normalizing file system takes for one. */
function folded(path: string): string {
  return path.normalize('NFKC').toLowerCase()
}

function ancestors(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))
}
