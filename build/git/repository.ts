import { MAX_FILE_BYTES } from '../content-path.ts'
import type { FileReader } from '../fetch/folder-reader.ts'
import type { SourceTree } from '../release.ts'
import { bundleScripts, type ScriptMemo } from '../scripts.ts'
import { GitError, type GitPlace, git, gitEnvironment } from './command.ts'
import { withExamples } from './examples.ts'
import { openGitObjects } from './objects.ts'
import { parseTree, sourceTree } from './tree.ts'

/** The repository around a content folder. Nothing of it is checked out, run, or written. */
export interface Repository {
  readonly topLevel: string
  /** Where refs are, also for a linked worktree. */
  readonly gitDir: string
  /** Content folder inside the repository, forward slashes; empty for its top level. */
  readonly folder: string
  /** What one git command prints. @throws {GitError} when it ends with something other than 0. */
  readonly git: (args: readonly string[]) => Promise<Buffer>
  /** Content of a commit. @throws {GitError} when git cannot read it. */
  readonly tree: (commit: string) => Promise<SourceTree>
  /** Reads files of a commit in the folder that holds the content folder. */
  readonly beside: (commit: string) => FileReader
  readonly close: () => void
}

/** What became of the search for a repository. */
export type RepositoryFound =
  | { readonly repository: Repository }
  | { readonly repository: undefined; readonly problem: string | undefined }

/** Finds the repository that holds `content`; a problem is told only when there is one that git cannot open. */
export async function openRepository(
  content: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RepositoryFound> {
  const clean = gitEnvironment(env)
  const ask = async (question: string) => {
    const answer = await git({ cwd: content, env: clean }, ['rev-parse', '--path-format=absolute', question])
    return answer.toString('utf8').replace(/\n$/, '')
  }
  try {
    const [topLevel, gitDir, prefix] = await Promise.all(
      ['--show-toplevel', '--git-common-dir', '--show-prefix'].map(ask),
    )
    if (topLevel === undefined || gitDir === undefined || prefix === undefined)
      throw new RangeError('rev-parse')
    const folder = prefix.replace(/\/$/, '')
    return { repository: repositoryAt({ cwd: topLevel, env: clean }, { gitDir, folder }) }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const absent = /not a git repository|must be run in a work tree|^ENOENT$/.test(error.complaint)
    return { repository: undefined, problem: absent ? undefined : error.complaint }
  }
}

function repositoryAt(
  place: GitPlace,
  { gitDir, folder }: { readonly gitDir: string; readonly folder: string },
): Repository {
  const objects = openGitObjects(place)
  const scripts: ScriptMemo = new Map()
  const holder = folder.replace(/[^/]+$/, '')
  return {
    topLevel: place.cwd,
    gitDir,
    folder,
    git: (args) => git(place, args),
    tree: async (commit) => {
      const treeish = folder === '' ? commit : `${commit}:${folder}`
      const list = async (name: string) =>
        parseTree(await git(place, ['ls-tree', '-rlz', '--full-tree', '--end-of-options', name]))
      const tree = await sourceTree(await list(treeish), objects.blob)
      const scripted = { ...tree, scripts: await bundleScripts(tree.files, scripts) }
      // What holds a content root that is a whole repository is in no commit.
      if (folder === '') return scripted
      return withExamples(scripted, {
        list: (path) => list(`${commit}:${holder}${path}`).catch(ifMissing),
        blob: objects.blob,
      })
    },
    beside: (commit) => async (path) => {
      if (folder === '') return { status: 'outside' }
      const question = ['ls-tree', '-lz', '--full-tree', '--end-of-options', commit, holder + path]
      const [entry] = parseTree(await git(place, question))
      if (entry === undefined || !entry.mode.startsWith('100')) return { status: 'missing' }
      if (entry.size > MAX_FILE_BYTES) return { status: 'too-large' }
      return { status: 'found', bytes: await objects.blob(entry.oid) }
    },
    close: objects.close,
  }
}

/** Git cannot list a folder that is not in the commit; whatever else it cannot do is worth telling. */
function ifMissing(error: unknown): undefined {
  if (
    error instanceof GitError &&
    /not a tree object|Not a valid object name|does not exist/i.test(error.complaint)
  ) {
    return undefined
  }
  throw error
}
