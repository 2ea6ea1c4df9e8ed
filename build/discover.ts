import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError, EXIT } from '../schemas/cli.ts'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { comparePaths, isContentPath, MAX_FILE_BYTES } from './content-path.ts'
import { type Disk, disk as theDisk } from './disk.ts'
import { errorAt, type Finding } from './finding.ts'
import { START } from './position.ts'
import type { SourceFile, SourceTree } from './release.ts'
import { tooLarge } from './sound-files.ts'

/**
 * Reads a content root: every content file, sorted by path. Links are not followed.
 *
 * @throws {CommandError} `content/not-found` when the root itself cannot be read.
 */
export async function discover(dir: string, disk: Disk = theDisk): Promise<SourceTree> {
  await requireFolder(dir)
  const walk: Walk = { disk, root: dir, paths: [], diagnostics: [] }
  list(walk, '')
  const files = walk.paths.flatMap((path) => read(walk, path) ?? [])
  files.sort((a, b) => comparePaths(a.path, b.path))
  walk.diagnostics.sort((a, b) => comparePaths(a.path, b.path))
  return { files, diagnostics: walk.diagnostics }
}

interface Walk {
  readonly disk: Disk
  readonly root: string
  readonly paths: string[]
  readonly diagnostics: Diagnostic[]
}

/** @throws {CommandError} `content/not-found` when there is no folder that can be read. */
export async function requireFolder(dir: string): Promise<void> {
  const refuse = (cause?: unknown) =>
    new CommandError(
      'content/not-found',
      `Cannot read content from "${dir}": expected a folder with agents/ or skills/`,
      {
        exit: EXIT.usage,
        cause,
      },
    )
  const stats = await stat(dir).catch((cause) => {
    throw refuse(cause)
  })
  if (!stats.isDirectory()) throw refuse()
  await readdir(dir).catch((cause) => {
    throw refuse(cause)
  })
}

function list(walk: Walk, folder: string): void {
  let entries: readonly Dirent[]
  try {
    entries = walk.disk.list(join(walk.root, folder))
  } catch (error) {
    walk.diagnostics.push(unreadable(folder, error))
    return
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!isContentPath(path)) continue
    if (entry.isDirectory()) list(walk, path)
    else if (entry.isFile()) walk.paths.push(path)
    else walk.diagnostics.push(notAFile(path, entry))
  }
}

function read(walk: Walk, path: string): SourceFile | undefined {
  try {
    const bytes = walk.disk.read(join(walk.root, path), MAX_FILE_BYTES)
    if (bytes instanceof Uint8Array) return { path, bytes }
    walk.diagnostics.push(tooLarge(path, bytes.size))
  } catch (error) {
    walk.diagnostics.push(unreadable(path, error))
  }
  return undefined
}

function notAFile(path: string, entry: Dirent): Diagnostic {
  if (!entry.isSymbolicLink()) {
    return at(path, {
      code: 'discover/special-file',
      message: 'Cannot read what is neither a file nor a folder: expected a file',
    })
  }
  return at(path, {
    code: 'discover/link',
    message: 'Cannot follow a symbolic link: expected the file itself',
  })
}

function unreadable(path: string, error: unknown): Diagnostic {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  return at(path, {
    code: 'discover/unreadable',
    message: `Cannot read "${path}": ${reason}, expected a readable file`,
  })
}

function at(path: string, finding: Finding): Diagnostic {
  return errorAt({ path, ...START }, finding)
}
