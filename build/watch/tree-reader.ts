import { dirname, join, posix, resolve } from 'node:path'
import { CommandError } from '../../schemas/cli.ts'
import { digestOf } from '../../schemas/digest.ts'
import { discover } from '../discover.ts'
import { discoverExamples } from '../example/discover.ts'
import { addressOf, staysInside } from '../fetch/address.ts'
import type { DocumentRequest } from '../fetch/document.ts'
import { MAX_DOCUMENT_BYTES } from '../fetch/fetch-documents.ts'
import { type FileRead, type FileReader, folderReader } from '../fetch/folder-reader.ts'
import { LOCK_PATH } from '../fetch/lock.ts'
import { documentRequests } from '../fetch/requests.ts'
import type { SourceFile, SourceTree } from '../release.ts'
import { bundleScripts, type ScriptMemo } from '../scripts.ts'
import { rememberingDisk } from './remembering-disk.ts'
import { treeDigest } from './tree-digest.ts'

/** A content tree on disk at one moment. Two looks with the same key have seen the same. */
export type Look = { readonly key: string } & (
  | {
      readonly tree: SourceTree
      /** Two looks for which it is the same refer to the same documents, and to the same bytes where these lie on disk. */
      readonly references: string
      /** Reads the documents beside the content root as they were at that moment. */
      readonly beside: FileReader
      /** Documents beside the content root, relative to the folder that holds it. */
      readonly besidePaths: readonly string[]
    }
  | { readonly refused: CommandError }
)

/** Looks at a content root again and again. */
export interface TreeReader {
  /** Everything that a build needs of the disk. Contract: not called again before it has resolved. */
  readonly look: () => Promise<Look>
}

/** Nothing is read yet. `content` is the content root. */
export function openTreeReader(content: string): TreeReader {
  const root = resolve(content)
  const disk = rememberingDisk()
  const scripts: ScriptMemo = new Map()
  const besideNow = folderReader(dirname(root), MAX_DOCUMENT_BYTES)
  let before = new Map<string, SourceFile>()
  /** The very same file as before when it is the same: what was parsed of it is known by it. */
  const kept = (file: SourceFile) => {
    const old = before.get(file.path)
    return old?.bytes === file.bytes ? old : file
  }
  return {
    look: async () => {
      try {
        const found = await discover(root, disk)
        const files = found.files.map(kept)
        before = new Map(files.map((file) => [file.path, file]))
        const tree = discoverExamples(root, { ...found, files }, disk)
        disk.forget()
        const requests = documentRequests(tree)
        const named = localPaths(requests, root)
        const besidePaths = named.flatMap((path) =>
          path.startsWith('../') ? [path.slice('../'.length)] : [],
        )
        const read = new Map<string, FileRead>()
        for (const path of besidePaths) read.set(path, await besideNow(path))
        const beside = JSON.stringify([...read].map(seen))
        return {
          key: digestOf(`${treeDigest(tree)} ${beside}`),
          tree: { ...tree, scripts: await bundleScripts(files, scripts) },
          references: digestOf(`${JSON.stringify(requests)} ${treeDigest(deciding(tree, named))} ${beside}`),
          beside: async (path) => read.get(path) ?? besideNow(path),
          besidePaths,
        }
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        return { key: error.message, refused: error }
      }
    },
  }
}

function seen([path, file]: readonly [string, FileRead]): readonly string[] {
  return [path, file.status === 'found' ? digestOf(file.bytes) : file.status]
}

/** Files that references name, relative to the content root: `../x` lies beside it. */
function localPaths(requests: readonly DocumentRequest[], root: string): readonly string[] {
  const paths = requests.flatMap(({ url, from }) => {
    const address = addressOf(url, from)
    if (address.kind === 'local') return address.paths
    return address.kind === 'absolute' ? [posix.relative(root, address.path)].filter(staysInside) : []
  })
  return [...new Set(paths)].sort()
}

/** Files of a tree that decide which documents it gets. */
function deciding({ files }: SourceTree, named: readonly string[]): SourceTree {
  const paths = new Set([LOCK_PATH, ...named])
  return { files: files.filter(({ path }) => paths.has(path)), diagnostics: [] }
}

/** Where a path beside the content root stands on this machine. */
export function placeBeside(content: string, path: string): string {
  return join(dirname(resolve(content)), path)
}
