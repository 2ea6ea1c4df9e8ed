import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { exampleRequests } from '../example/requests.ts'
import { type ExampleEntry, selectExample } from '../example/select.ts'
import type { SourceFile, SourceTree } from '../release.ts'
import type { TreeEntry } from './tree.ts'

/** How the folder that holds a content root is read in a commit. */
export interface CommittedFolder {
  /** Entries of a folder, paths relative to it; undefined when there is no such folder. */
  readonly list: (path: string) => Promise<readonly TreeEntry[] | undefined>
  readonly blob: (oid: string) => Promise<Buffer>
}

/** Adds the example apps that a tree names, as they were in the same commit. */
export async function withExamples(tree: SourceTree, folder: CommittedFolder): Promise<SourceTree> {
  const { paths, skip } = exampleRequests(tree.files)
  const examples = new Map<string, readonly SourceFile[]>()
  const diagnostics: Diagnostic[] = [...tree.diagnostics]
  for (const path of paths) {
    const found = await folder.list(path)
    if (found === undefined) continue
    const selected = selectExample(path, found.map(entryOf), skip(path))
    diagnostics.push(...selected.diagnostics)
    const files = selected.entries.map(async ({ path, oid }) => ({ path, bytes: await folder.blob(oid) }))
    examples.set(path, await Promise.all(files))
  }
  return { ...tree, examples, diagnostics }
}

function entryOf({ mode, path, size, oid }: TreeEntry): ExampleEntry & { readonly oid: string } {
  if (mode === '120000') return { path, kind: 'link', size, oid }
  return { path, kind: mode === '160000' ? 'other' : 'file', size, oid }
}
