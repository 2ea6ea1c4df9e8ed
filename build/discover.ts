import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError, EXIT } from '../schemas/cli.ts'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { comparePaths, isContentPath, MAX_FILE_BYTES } from './content-path.ts'
import { errorAt, type Finding } from './finding.ts'
import { START } from './position.ts'
import type { SourceFile, SourceTree } from './release.ts'
import { tooLarge } from './sound-files.ts'

/** Files read at the same time. */
const READERS = 16

/**
 * Reads a content root: every content file, sorted by path. Links are not followed.
 *
 * @throws {CommandError} `content/not-found` when the root itself cannot be read.
 */
export async function discover(dir: string): Promise<SourceTree> {
  await requireFolder(dir)
  const walk: Walk = { root: dir, paths: [], diagnostics: [] }
  await list(walk, '')
  const files: SourceFile[] = []
  const queue = walk.paths.values()
  await Promise.all(
    Array.from({ length: READERS }, async () => {
      for (const path of queue) {
        const file = await read(walk, path)
        if (file !== undefined) files.push(file)
      }
    }),
  )
  files.sort((a, b) => comparePaths(a.path, b.path))
  walk.diagnostics.sort((a, b) => comparePaths(a.path, b.path))
  return { files, diagnostics: walk.diagnostics }
}

interface Walk {
  readonly root: string
  readonly paths: string[]
  readonly diagnostics: Diagnostic[]
}

async function requireFolder(dir: string): Promise<void> {
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

async function list(walk: Walk, folder: string): Promise<void> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(walk.root, folder), { withFileTypes: true })
  } catch (error) {
    walk.diagnostics.push(unreadable(folder, error))
    return
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!isContentPath(path)) continue
    if (entry.isDirectory()) await list(walk, path)
    else if (entry.isFile()) walk.paths.push(path)
    else walk.diagnostics.push(notAFile(path, entry))
  }
}

async function read(walk: Walk, path: string): Promise<SourceFile | undefined> {
  const full = join(walk.root, path)
  try {
    const { size } = await stat(full)
    if (size <= MAX_FILE_BYTES) return { path, bytes: await readFile(full) }
    walk.diagnostics.push(tooLarge(path, size))
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
