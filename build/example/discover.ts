import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
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
  for (const path of paths) {
    const walk: Walk = { holder, example: path, skip: skip(path), entries: [], diagnostics }
    if (!(await isFolderWithoutLinks(walk))) continue
    await list(walk, '')
    const selected = selectExample(path, walk.entries, walk.skip)
    diagnostics.push(...selected.diagnostics)
    examples.set(path, await readAll(walk, selected.entries))
  }
  return { ...tree, examples, diagnostics: [...tree.diagnostics, ...diagnostics] }
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
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (walk.skip(path)) continue
    if (entry.isDirectory()) await list(walk, path)
    else walk.entries.push(await entryOf(walk, path))
  }
}

async function entryOf({ holder, example }: Walk, path: string): Promise<ExampleEntry> {
  const stats = await lstat(join(holder, example, path)).catch(() => undefined)
  if (stats?.isSymbolicLink()) return { path, kind: 'link', size: 0 }
  return { path, kind: stats?.isFile() ? 'file' : 'other', size: stats?.size ?? 0 }
}

async function readAll(walk: Walk, entries: readonly ExampleEntry[]): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for (const { path } of entries) {
    try {
      files.push({ path, bytes: await readFile(join(walk.holder, walk.example, path)) })
    } catch (error) {
      walk.diagnostics.push(unreadable(walk, path, error))
    }
  }
  return files
}

function unreadable({ example }: Walk, path: string, error: unknown): Diagnostic {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  const message = `Cannot read "${path}" of the example "${example}": ${reason}, expected a readable file`
  return errorAt({ path: examplePlace(example, path), ...START }, { code: 'example/unreadable', message })
}
