import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { comparePaths, isContentPath, MAX_FILE_BYTES } from '../content-path.ts'
import { errorAt, quote } from '../finding.ts'
import { START } from '../position.ts'
import type { SourceFile, SourceTree } from '../release.ts'
import { tooLarge } from '../sound-files.ts'
import { GitError } from './command.ts'

/** One line of `git ls-tree -rlz`. */
export interface TreeEntry {
  readonly mode: string
  readonly oid: string
  readonly size: number
  readonly path: string
}

/** Reads the output of `git ls-tree -rlz`. What is no blob, or one that is not there, has no size. */
export function parseTree(output: Buffer): TreeEntry[] {
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^([0-7]{6}) [a-z]+ ([0-9a-f]{40,64}) +([0-9]+|-|BAD)\t([\s\S]+)$/.exec(line)
      if (match === null) return []
      const [, mode = '', oid = '', size = '', path = ''] = match
      return [{ mode, oid, size: Number(size) || 0, path }]
    })
}

/** Content files among the entries of a commit, in the shape and order in which a folder is discovered. */
export async function sourceTree(
  entries: readonly TreeEntry[],
  blob: (oid: string) => Promise<Buffer>,
): Promise<SourceTree> {
  const reading: Promise<SourceFile | Diagnostic>[] = []
  const diagnostics: Diagnostic[] = []
  for (const entry of entries.toSorted((a, b) => comparePaths(a.path, b.path))) {
    if (!isContentPath(entry.path)) continue
    const problem = entryProblem(entry)
    if (problem !== undefined) diagnostics.push(problem)
    else reading.push(blobOf(entry, blob))
  }
  const read = await Promise.all(reading)
  const files = read.filter((one) => 'bytes' in one)
  return { files, diagnostics: [...diagnostics, ...read.filter((one) => 'code' in one)] }
}

async function blobOf(
  { path, oid }: TreeEntry,
  blob: (oid: string) => Promise<Buffer>,
): Promise<SourceFile | Diagnostic> {
  try {
    return { path, bytes: await blob(oid) }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const message = `Cannot read "${path}": git says ${quote(error.complaint)}, expected an object that is here and whole`
    return errorAt({ path, ...START }, { code: 'git/unreadable', message, fix: { description: MENDED_BY } })
  }
}

const MENDED_BY = 'Run "git fsck" to see what the repository lacks; "git fetch --refetch" brings it again'

function entryProblem({ mode, path, size }: TreeEntry): Diagnostic | undefined {
  const at = { path, ...START }
  if (mode === '120000') {
    return errorAt(at, {
      code: 'discover/link',
      message: 'Cannot follow a symbolic link: expected the file itself',
    })
  }
  if (mode === '160000') {
    return errorAt(at, {
      code: 'discover/submodule',
      message: 'Cannot read a submodule: expected the files themselves',
    })
  }
  return size > MAX_FILE_BYTES ? tooLarge(path, size) : undefined
}
