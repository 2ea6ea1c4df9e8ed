import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { comparePaths } from '../content-path.ts'
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
export async function discoverExamples(dir: string, tree: SourceTree): Promise<SourceTree> {
  const holder = dirname(resolve(dir))
  const { paths, skip } = exampleRequests(tree.files)
  const examples = new Map<string, readonly SourceFile[]>()
  const diagnostics: Diagnostic[] = []
  const queue = paths.values()
  await Promise.all(
    Array.from({ length: APPS }, async () => {
      for (const path of queue) {
        const files = await readExample({ holder, example: path, skip: skip(path), entries: [], diagnostics })
        if (files !== undefined) examples.set(path, files)
      }
    }),
  )
  diagnostics.sort((a, b) => comparePaths(a.path, b.path))
  return { ...tree, examples, diagnostics: [...tree.diagnostics, ...diagnostics] }
}

/** Apps read at the same time, and files of each. */
const APPS = 4
const READERS = 8

async function readExample(walk: Walk): Promise<SourceFile[] | undefined> {
  if (!(await isFolderWithoutLinks(walk))) return undefined
  await list(walk, '')
  const selected = selectExample(walk.example, walk.entries, walk.skip)
  walk.diagnostics.push(...selected.diagnostics)
  return readAll(walk, selected.entries)
}

interface Walk {
  readonly holder: string
  readonly example: string
  readonly skip: Skip
  readonly entries: ExampleEntry[]
  readonly diagnostics: Diagnostic[]
}

async function isFolderWithoutLinks({ holder, example, diagnostics }: Walk): Promise<boolean> {
  const parts = example.split('/')
  for (const [at] of parts.entries()) {
    const path = parts.slice(0, at + 1).join('/')
    const stats = await lstat(join(holder, path)).catch(() => undefined)
    if (stats?.isSymbolicLink()) diagnostics.push(linkFound(examplePlace(path)))
    if (!stats?.isDirectory()) return false
  }
  return true
}

async function list(walk: Walk, folder: string): Promise<void> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(walk.holder, walk.example, folder), { withFileTypes: true })
  } catch (error) {
    walk.diagnostics.push(unreadable(walk, folder, error))
    return
  }
  const visited = entries.map(async (entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (walk.skip(path)) return
    if (entry.isDirectory()) await list(walk, path)
    else walk.entries.push(await entryOf(walk, path))
  })
  await Promise.all(visited)
}

async function entryOf({ holder, example }: Walk, path: string): Promise<ExampleEntry> {
  const stats = await lstat(join(holder, example, path)).catch(() => undefined)
  if (stats?.isSymbolicLink()) return { path, kind: 'link', size: 0 }
  return { path, kind: stats?.isFile() ? 'file' : 'other', size: stats?.size ?? 0 }
}

async function readAll(walk: Walk, entries: readonly ExampleEntry[]): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  const queue = entries.values()
  await Promise.all(
    Array.from({ length: READERS }, async () => {
      for (const { path } of queue) {
        try {
          files.push({ path, bytes: await readFile(join(walk.holder, walk.example, path)) })
        } catch (error) {
          walk.diagnostics.push(unreadable(walk, path, error))
        }
      }
    }),
  )
  return files.sort((a, b) => comparePaths(a.path, b.path))
}

function unreadable({ example }: Walk, path: string, error: unknown): Diagnostic {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  const message = `Cannot read "${path}" of the example "${example}": ${reason}, expected a readable file`
  return errorAt({ path: examplePlace(example, path), ...START }, { code: 'example/unreadable', message })
}
