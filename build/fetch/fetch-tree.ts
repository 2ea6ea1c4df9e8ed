import { dirname, join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { CommandError } from '../../schemas/cli.ts'
import type { SourceTree } from '../release.ts'
import type { Documents } from './document.ts'
import { type FetchOptions, fetchDocuments, MAX_DOCUMENT_BYTES } from './fetch-documents.ts'
import { type FileReader, folderReader } from './folder-reader.ts'
import { formatLock, LOCK_PATH, type Lock, parseLock } from './lock.ts'
import { documentRequests } from './requests.ts'

/** Everything of `FetchOptions` that the tree itself does not tell, and where files beside it are read. */
export interface FetchTreeOptions extends Omit<FetchOptions, 'lock' | 'local'> {
  /** Where the content root stands on this machine; undefined for a tree that does not lie on disk. */
  readonly root?: string | undefined
  /** Reads in the folder that holds the content root; by default on disk, below the folder that holds `root`. */
  readonly beside?: FileReader
}

/** Fetches every document that a tree refers to, by the lock that the tree holds. */
export async function fetchTree(tree: SourceTree, options: FetchTreeOptions): Promise<Documents> {
  const { lock, diagnostics } = lockOf(tree)
  const bytes = new Map(tree.files.map((file) => [file.path, file.bytes]))
  const root = options.root === undefined ? undefined : resolve(options.root)
  const documents = await fetchDocuments(documentRequests(tree), {
    ...options,
    lock,
    local: { root, inside: (path) => bytes.get(path), beside: options.beside ?? besideReader(root) },
  })
  const unread = options.updateLock === true ? [] : diagnostics
  return { ...documents, diagnostics: [...unread, ...documents.diagnostics] }
}

/** A tree with the documents it refers to, and with what there is to say of them. */
export function withDocuments(tree: SourceTree, { byUrl, diagnostics }: Documents): SourceTree {
  return { ...tree, documents: byUrl, diagnostics: [...tree.diagnostics, ...diagnostics] }
}

/**
 * Writes `content.lock` beside the content, when it says something new.
 *
 * @throws {CommandError} `fetch/lock-unwritable` when it cannot be written.
 */
export async function writeLock(root: string, tree: SourceTree, lock: Lock): Promise<boolean> {
  const before = lockOf(tree)
  const text = formatLock(lock)
  if (before.diagnostics.length === 0 && formatLock(before.lock) === text) return false
  await writeFileAtomic(join(root, LOCK_PATH), text).catch((cause: unknown) => {
    throw unwritable(root, cause)
  })
  return true
}

function unwritable(root: string, cause: unknown): CommandError {
  const message = `Cannot write "${LOCK_PATH}" in "${root}": ${(cause as Error).message}, expected a folder that can be written to`
  return new CommandError('fetch/lock-unwritable', message, { cause })
}

function lockOf(tree: SourceTree): ReturnType<typeof parseLock> {
  const file = tree.files.find(({ path }) => path === LOCK_PATH)
  return file === undefined
    ? { lock: new Map(), diagnostics: [] }
    : parseLock(new TextDecoder().decode(file.bytes))
}

function besideReader(root: string | undefined): FileReader {
  if (root === undefined) return async () => ({ status: 'missing' })
  return folderReader(dirname(root), MAX_DOCUMENT_BYTES)
}
