import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { comparePaths, MAX_FILE_BYTES } from '../content-path.ts'
import { errorAt, type Finding, warningAt } from '../finding.ts'
import { START } from '../position.ts'
import type { SourceFile, SourceTree } from '../release.ts'
import { examplePlace } from './render.ts'
import { exampleRequests } from './requests.ts'
import type { Skip } from './skip.ts'

/** Files of one example app that are read. */
export const MAX_EXAMPLE_FILES = 5_000

/**
 * Reads the example apps that a tree names, from the folder that holds its content root, and nothing else
 * there. Links are not followed; what skip patterns leave out is not even opened. A folder that cannot be
 * read has no entry: the build tells so where it is named.
 */
export async function discoverExamples(dir: string, tree: SourceTree): Promise<SourceTree> {
  const holder = dirname(resolve(dir))
  const { paths, skip } = exampleRequests(tree.files)
  const examples = new Map<string, readonly SourceFile[]>()
  const diagnostics: Diagnostic[] = []
  for (const path of paths) {
    const walk: Walk = { holder, example: path, skip: skip(path), files: [], diagnostics }
    if (!(await isFolderWithoutLinks(walk))) continue
    await list(walk, '')
    walk.files.sort((a, b) => comparePaths(a.path, b.path))
    examples.set(path, walk.files)
  }
  return { ...tree, examples, diagnostics: [...tree.diagnostics, ...diagnostics] }
}

interface Walk {
  readonly holder: string
  readonly example: string
  readonly skip: Skip
  readonly files: SourceFile[]
  readonly diagnostics: Diagnostic[]
}

async function isFolderWithoutLinks({ holder, example, diagnostics }: Walk): Promise<boolean> {
  const parts = example.split('/')
  for (const [at] of parts.entries()) {
    const path = parts.slice(0, at + 1).join('/')
    const stats = await lstat(join(holder, path)).catch(() => undefined)
    if (stats?.isSymbolicLink()) diagnostics.push(errorAt({ path: examplePlace(path), ...START }, LINK))
    if (!stats?.isDirectory()) return false
  }
  return true
}

const LINK: Finding = {
  code: 'example/link',
  message: 'Cannot follow a symbolic link in an example: expected the file itself',
}

async function list(walk: Walk, folder: string): Promise<void> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(walk.holder, walk.example, folder), { withFileTypes: true })
  } catch (error) {
    walk.diagnostics.push(unreadable(walk, folder, error))
    return
  }
  for (const entry of entries.sort((a, b) => comparePaths(a.name, b.name))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!walk.skip(path)) await visit(walk, path, entry)
  }
}

async function visit(walk: Walk, path: string, entry: Dirent): Promise<void> {
  if (entry.isDirectory()) await list(walk, path)
  else if (entry.isFile()) await read(walk, path)
  else if (entry.isSymbolicLink()) walk.diagnostics.push(errorAt(placeOf(walk, path), LINK))
}

async function read(walk: Walk, path: string): Promise<void> {
  if (walk.files.length >= MAX_EXAMPLE_FILES) {
    const message = `Cannot read more than ${MAX_EXAMPLE_FILES} files of "${walk.example}": expected a smaller app, or patterns in skip-patterns.yaml`
    const finding = warningAt(placeOf(walk, ''), { code: 'example/too-many-files', message })
    if (!walk.diagnostics.some(({ code, path: at }) => code === finding.code && at === finding.path))
      walk.diagnostics.push(finding)
    return
  }
  const full = join(walk.holder, walk.example, path)
  try {
    const { size } = await lstat(full)
    if (size <= MAX_FILE_BYTES) walk.files.push({ path, bytes: await readFile(full) })
    else walk.diagnostics.push(tooLarge(walk, path, size))
  } catch (error) {
    walk.diagnostics.push(unreadable(walk, path, error))
  }
}

function placeOf(walk: Walk, path: string) {
  return { path: examplePlace(walk.example, path), ...START }
}

function tooLarge(walk: Walk, path: string, size: number): Diagnostic {
  const message = `Cannot read a file of ${size} bytes in an example: it is left out, expected at most ${MAX_FILE_BYTES}`
  return warningAt(placeOf(walk, path), { code: 'example/file-too-large', message })
}

function unreadable(walk: Walk, path: string, error: unknown): Diagnostic {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  const message = `Cannot read "${path}" of the example "${walk.example}": ${reason}, expected a readable file`
  return errorAt(placeOf(walk, path), { code: 'example/unreadable', message })
}
