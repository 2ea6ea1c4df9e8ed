import type { Dirent } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { comparePaths, MAX_FILE_BYTES } from '../content-path.ts'
import { type Disk, disk as theDisk } from '../disk.ts'
import { errorAt } from '../finding.ts'
import { START } from '../position.ts'
import type { SourceFile, SourceTree } from '../release.ts'
import { examplePlace } from './render.ts'
import { exampleRequests } from './requests.ts'
import { type ExampleEntry, linkFound, selectExample } from './select.ts'
import type { Skip } from './skip.ts'

/**
 * Reads the example apps that a tree names, from the folder that holds its content root, and nothing else
 * there. Links are not followed; what skip patterns leave out is not even opened. A folder that cannot be
 * read has no entry: the build tells so where it is named.
 */
export function discoverExamples(dir: string, tree: SourceTree, disk: Disk = theDisk): SourceTree {
  const holder = dirname(resolve(dir))
  const { paths, skip } = exampleRequests(tree.files)
  const examples = new Map<string, readonly SourceFile[]>()
  const diagnostics: Diagnostic[] = []
  for (const path of paths) {
    const files = readExample({ disk, holder, example: path, skip: skip(path), entries: [], diagnostics })
    if (files !== undefined) examples.set(path, files)
  }
  diagnostics.sort((a, b) => comparePaths(a.path, b.path))
  return { ...tree, examples, diagnostics: [...tree.diagnostics, ...diagnostics] }
}

function readExample(walk: Walk): SourceFile[] | undefined {
  if (!isFolderWithoutLinks(walk)) return undefined
  list(walk, '')
  const selected = selectExample(walk.example, walk.entries, walk.skip)
  walk.diagnostics.push(...selected.diagnostics)
  return readAll(walk, selected.entries)
}

interface Walk {
  readonly disk: Disk
  readonly holder: string
  readonly example: string
  readonly skip: Skip
  readonly entries: ExampleEntry[]
  readonly diagnostics: Diagnostic[]
}

function isFolderWithoutLinks({ disk, holder, example, diagnostics }: Walk): boolean {
  const parts = example.split('/')
  for (const [at] of parts.entries()) {
    const path = parts.slice(0, at + 1).join('/')
    const stats = disk.look(join(holder, path))
    if (stats?.isSymbolicLink()) diagnostics.push(linkFound(examplePlace(path)))
    if (!stats?.isDirectory()) return false
  }
  return true
}

function list(walk: Walk, folder: string): void {
  let entries: readonly Dirent[]
  try {
    entries = walk.disk.list(join(walk.holder, walk.example, folder))
  } catch (error) {
    walk.diagnostics.push(unreadable(walk, folder, error))
    return
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (walk.skip(path)) continue
    if (entry.isDirectory()) list(walk, path)
    else walk.entries.push(entryOf(walk, path))
  }
}

function entryOf({ disk, holder, example }: Walk, path: string): ExampleEntry {
  const stats = disk.look(join(holder, example, path))
  if (stats?.isSymbolicLink()) return { path, kind: 'link', size: 0 }
  return { path, kind: stats?.isFile() ? 'file' : 'other', size: Number(stats?.size ?? 0) }
}

function readAll(walk: Walk, entries: readonly ExampleEntry[]): SourceFile[] {
  const files: SourceFile[] = []
  for (const { path } of entries) {
    try {
      const bytes = walk.disk.read(join(walk.holder, walk.example, path), MAX_FILE_BYTES)
      if (bytes instanceof Uint8Array) files.push({ path, bytes })
      // It has grown since it was selected.
      else throw Object.assign(new RangeError(`"${path}" is too large`), { code: 'EFBIG' })
    } catch (error) {
      walk.diagnostics.push(unreadable(walk, path, error))
    }
  }
  return files.sort((a, b) => comparePaths(a.path, b.path))
}

function unreadable({ example }: Walk, path: string, error: unknown): Diagnostic {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  const message = `Cannot read "${path}" of the example "${example}": ${reason}, expected a readable file`
  return errorAt({ path: examplePlace(example, path), ...START }, { code: 'example/unreadable', message })
}
