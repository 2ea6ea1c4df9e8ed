import { lstat, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { foldedName, segmentsOf } from './names.ts'

/** A place inside the app's folder, with every link on the way resolved. */
export interface Place {
  /** Absolute, canonical. What is below the deepest existing folder is as it was asked for. */
  readonly path: string
  /** Canonical, relative to the app, forward slashes; empty for the app itself. */
  readonly relative: string
  /** As it was asked for, relative to the app, forward slashes. */
  readonly asked: string
}

/** A path cannot be used. The message is for the agent. */
export class PathRefusedError extends Error {
  override readonly name = 'PathRefusedError'
}

/**
 * Resolves a path an agent gave, links included, and refuses what is not inside `app`.
 * @throws PathRefusedError when the path is malformed or leads out of the app's folder
 */
export async function placeInside(app: string, path: string): Promise<Place> {
  const problem = malformed(path)
  if (problem) throw new PathRefusedError(`Cannot use the path ${JSON.stringify(path)}: ${problem}`)
  const root = await realpath(app)
  const asked = askedBelow([resolve(app), root], path)
  if (asked === undefined) throw outside(path)
  const canonical = await canonicalOf(join(root, asked), path)
  if (canonical !== root && !canonical.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside(path)
  return { path: canonical, relative: slashed(relative(root, canonical)), asked: slashed(asked) }
}

function malformed(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.length > 1024) return 'expected at most 1,024 characters'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'expected no control characters'
  if (/\\/.test(path.normalize('NFKC'))) return 'expected forward slashes'
  if (path.startsWith('~')) return 'expected a path relative to the project, "~" is not expanded'
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return 'expected a path, not a URL or a drive'
  if (segmentsOf(path).some((segment) => foldedName(segment) === '..')) return 'expected no ".." segment'
  return undefined
}

function askedBelow(roots: readonly string[], path: string): string | undefined {
  if (!isAbsolute(path)) return relative('/', resolve('/', path))
  for (const root of roots) {
    const below = relative(root, resolve(path))
    if (below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)) return below
  }
  return undefined
}

async function canonicalOf(wanted: string, path: string): Promise<string> {
  const missing: string[] = []
  let existing = wanted
  for (;;) {
    const canonical = await canonicalIfThere(existing, path)
    if (canonical !== undefined) return join(canonical, ...missing)
    missing.unshift(existing.slice(dirname(existing).length).replace(/^\/+/, ''))
    existing = dirname(existing)
  }
}

/** How often a path may come into being while it is looked at: other agents make folders, too. */
const APPEARANCES = 8

/** Undefined when there is nothing. */
async function canonicalIfThere(existing: string, path: string, looks = 0): Promise<string | undefined> {
  try {
    return await realpath(existing)
  } catch (cause) {
    const standing = codeOf(cause) === 'ENOENT' ? await standingOf(existing) : 'unresolvable'
    if (standing === 'missing') return undefined
    if (standing === 'there' && looks < APPEARANCES) return canonicalIfThere(existing, path, looks + 1)
    const message = `Cannot use the path ${JSON.stringify(path)}: it cannot be resolved`
    throw new PathRefusedError(message, { cause })
  }
}

/** What is at a path that had no canonical form a moment ago. */
async function standingOf(path: string): Promise<'missing' | 'there' | 'unresolvable'> {
  try {
    // A link that leads nowhere stays without one: writing to it would create its target.
    return (await lstat(path)).isSymbolicLink() ? 'unresolvable' : 'there'
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'missing' : 'unresolvable'
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function outside(path: string): PathRefusedError {
  return new PathRefusedError(
    `Cannot use the path ${JSON.stringify(path)}: it is outside the project, expected a path inside it`,
  )
}

function slashed(path: string): string {
  return path.split(sep).join('/')
}
