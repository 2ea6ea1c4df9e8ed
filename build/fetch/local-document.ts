import { posix } from 'node:path'
import type { Address } from './address.ts'
import { staysInside } from './address.ts'
import type { FileRead, FileReader } from './folder-reader.ts'
import { found, type Outcome, refused } from './outcome.ts'

/** Files that a reference may name without the network. */
export interface LocalFiles {
  /** Where the content root stands on this machine, if it does; `file:///…` means nothing without it. */
  readonly root?: string | undefined
  /** Bytes of a file of the content tree. */
  readonly inside: (path: string) => Uint8Array | undefined
  /** Reads in the folder that holds the content root. */
  readonly beside: FileReader
}

/** Reads a document that lies in or beside the content tree. */
export async function localDocument(
  address: Extract<Address, { kind: 'local' | 'absolute' }>,
  files: LocalFiles,
): Promise<Outcome> {
  const paths = address.kind === 'local' ? address.paths : relativePaths(address.path, files.root)
  if (paths === undefined) {
    return refused(
      'fetch/outside',
      'it is not in the folder that holds the content root, expected a file there',
    )
  }
  for (const path of paths) {
    const read = await readFrom(files, path)
    if (read.status === 'found') return found({ bytes: read.bytes })
    if (read.status === 'outside') {
      return refused(
        'fetch/outside',
        `"${path}" leads out of the folder that holds the content root, expected a file there`,
      )
    }
    if (read.status === 'too-large')
      return refused('fetch/too-large', `"${path}" is too large, expected a document`)
  }
  return refused(
    'fetch/missing',
    `there is no file ${paths.map((path) => `"${path}"`).join(' or ')}, expected one`,
  )
}

async function readFrom(files: LocalFiles, path: string): Promise<FileRead> {
  if (path.startsWith('../')) return files.beside(path.slice('../'.length))
  const bytes = files.inside(path)
  return bytes === undefined ? { status: 'missing' } : { status: 'found', bytes }
}

function relativePaths(path: string, root: string | undefined): readonly string[] | undefined {
  if (root === undefined) return undefined
  const relative = posix.relative(root, path)
  return staysInside(relative) ? [relative] : undefined
}
