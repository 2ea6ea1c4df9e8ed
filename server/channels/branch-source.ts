import { DECLARATION_PATHS } from '../../build/declarations.ts'
import type { Documents } from '../../build/fetch/document.ts'
import { withDocuments } from '../../build/fetch/fetch-tree.ts'
import type { FileReader } from '../../build/fetch/folder-reader.ts'
import { UNFETCHED } from '../../build/fetch/remote-document.ts'
import { treeError } from '../../build/finding.ts'
import { GitError } from '../../build/git/command.ts'
import type { Repository } from '../../build/git/repository.ts'
import type { SourceTree } from '../../build/release.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { type BranchChannel, parseRefs, REFS_FORMAT, type Refs } from './branches.ts'

/** The branches of a repository, and what they hold. */
export interface BranchSource {
  /** Every branch as it is now. @throws {GitError} when git cannot tell. */
  readonly refs: () => Promise<Refs>
  /** What a commit declares about channels; undefined when it holds no content. @throws {GitError} */
  readonly declared: (commit: string) => Promise<SourceTree | undefined>
  /** True when one commit comes after another, or is the same; null when nobody can tell. @throws {GitError} */
  readonly follows: Repository['follows']
  /** Content of a branch; why it cannot be read is a finding. */
  readonly tree: (branch: BranchChannel) => Promise<SourceTree>
}

/** Gets the documents of a commit. Contract: uses copies only, since whoever may push a branch may name any address. */
export type CopiesOnly = (tree: SourceTree, beside: FileReader) => Promise<Documents>

/** Reads branches from git objects; nothing is checked out. */
export function openBranchSource(repository: Repository, documents: CopiesOnly): BranchSource {
  return {
    refs: async () => {
      const format = `--format=${REFS_FORMAT}`
      return parseRefs(
        await repository.git(['for-each-ref', format, 'refs/heads', 'refs/remotes/origin/HEAD']),
      )
    },
    declared: (commit) => repository.rootFiles(commit, DECLARATION_PATHS),
    follows: repository.follows,
    tree: async (target) => {
      try {
        const tree = await repository.tree(target.commit)
        const { byUrl, diagnostics, ...others } = await documents(tree, repository.beside(target.commit))
        return withDocuments(tree, { ...others, byUrl, diagnostics: diagnostics.map(withWayOut) })
      } catch (error) {
        if (!(error instanceof GitError)) throw error
        return { files: [], diagnostics: [unreadable(repository, target, error)] }
      }
    },
  }
}

/** A branch is offline by rule, so `--offline` is not what its author has to change. */
function withWayOut(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.code !== UNFETCHED) return diagnostic
  const description = 'Check the branch out and run "mill check": it fetches what the cache lacks'
  return { ...diagnostic, fix: { description } }
}

function unreadable({ folder }: Repository, { branch, commit }: BranchChannel, error: GitError): Diagnostic {
  const what = folder === '' ? 'the files' : `the folder "${folder}"`
  const message = `Cannot read ${what} in commit ${commit.slice(0, 12)} of branch "${branch}": git says "${error.complaint}", expected a commit that holds content`
  return treeError({ code: 'git/unreadable', message })
}
