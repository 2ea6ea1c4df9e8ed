import type { Repository } from '../build/git/repository.ts'
import { parseRefs, REFS_FORMAT, type Refs } from './branches.ts'

/** Every branch of a repository, as it is now. @throws {GitError} when git cannot tell. */
export async function readRefs({ git }: Pick<Repository, 'git'>): Promise<Refs> {
  const format = `--format=${REFS_FORMAT}`
  return parseRefs(await git(['for-each-ref', format, 'refs/heads', 'refs/remotes/origin/HEAD']))
}
