import { dirname, relative, sep } from 'node:path'
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
  /** Top level of the work tree; the repository itself when it is bare. */
  readonly topLevel: string
  readonly bare: boolean
  /** Where refs are, also for a linked worktree. */
  readonly gitDir: string
  /** Content folder inside the repository, forward slashes; empty for its top level. */
  readonly folder: string
  /** What one git command prints. @throws {GitError} when it ends with something other than 0. */
  readonly git: (args: readonly string[]) => Promise<Buffer>
  /** The named files at the top of a commit's content folder; undefined when it has no such folder. @throws {GitError} */
  readonly rootFiles: (commit: string, names: readonly string[]) => Promise<SourceTree | undefined>
  /** True when one commit comes after another, or is the same; null when what is here of history does not tell. */
  readonly follows: (commit: string, earlier: string) => Promise<boolean | null>
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

/**
 * Finds the repository that holds `content`, which for a bare one is a path that goes on inside it:
 * `content.git/content` is the folder `content` of every commit. A problem is told only when there is a repository
 * that git cannot open.
 */
export async function openRepository(
  content: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RepositoryFound> {
  const clean = gitEnvironment(env)
  const ask = async (cwd: string, question: string) => {
    const answer = await git({ cwd, env: clean }, ['rev-parse', '--path-format=absolute', question])
    return answer.toString('utf8').replace(/\n$/, '')
  }
  try {
    const [cwd, bare] = await nearest(content, (folder) => ask(folder, '--is-bare-repository'))
    const gitDir = await ask(cwd, '--git-common-dir')
    if (bare === 'true') {
      const folder = relative(gitDir, content).split(sep).join('/')
      return { repository: repositoryAt({ cwd: gitDir, env: clean }, { gitDir, folder, bare: true }) }
    }
    const topLevel = await ask(content, '--show-toplevel')
    const folder = (await ask(content, '--show-prefix')).replace(/\/$/, '')
    return { repository: repositoryAt({ cwd: topLevel, env: clean }, { gitDir, folder, bare: false }) }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const absent = /not a git repository|must be run in a work tree|^ENOENT$/.test(error.complaint)
    return { repository: undefined, problem: absent ? undefined : error.complaint }
  }
}

/** Asks the nearest folder of a path that is there; a folder of a bare repository is only in its commits. */
async function nearest<T>(path: string, ask: (folder: string) => Promise<T>): Promise<readonly [string, T]> {
  try {
    return [path, await ask(path)]
  } catch (error) {
    const isMissing = error instanceof GitError && /^(ENOENT|ENOTDIR)$/.test(error.complaint)
    if (!isMissing || dirname(path) === path) throw error
    return nearest(dirname(path), ask)
  }
}

interface Location {
  readonly gitDir: string
  readonly folder: string
  readonly bare: boolean
}

function repositoryAt(place: GitPlace, { gitDir, folder, bare }: Location): Repository {
  const objects = openGitObjects(place)
  const scripts: ScriptMemo = new Map()
  const list = async (treeish: string, flags: string) =>
    parseTree(await git(place, ['ls-tree', flags, '--full-tree', '--end-of-options', treeish]))
  const contentOf = (commit: string) => (folder === '' ? commit : `${commit}:${folder}`)
  /** A folder that is in the commit and cannot be listed is not absent. */
  const ifAbsent = async (commit: string, error: unknown) => {
    ifMissing(error)
    const found = await git(place, ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, folder])
    if (folder === '' || found.length > 0) throw error
    return undefined
  }
  const holder = folder.replace(/[^/]+$/, '')
  return {
    topLevel: place.cwd,
    ...{ gitDir, folder, bare },
    git: (args) => git(place, args),
    rootFiles: async (commit, names) => {
      const entries = await list(contentOf(commit), '-lz').catch((error) => ifAbsent(commit, error))
      return (
        entries &&
        sourceTree(
          entries.filter(({ path }) => names.includes(path)),
          objects.blob,
        )
      )
    },
    follows: (commit, earlier) => follows((args) => git(place, args), commit, earlier),
    tree: async (commit) => {
      const tree = await sourceTree(await list(contentOf(commit), '-rlz'), objects.blob)
      const scripted = { ...tree, scripts: await bundleScripts(tree.files, scripts) }
      // What holds a content root that is a whole repository is in no commit.
      if (folder === '') return scripted
      return withExamples(scripted, {
        list: (path) => list(`${commit}:${holder}${path}`, '-rlz').catch(ifMissing),
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

type Git = Repository['git']

/** A shallow clone forgets what its oldest commits came after, so only there "no" may mean that nobody knows. */
async function follows(git: Git, commit: string, earlier: string): Promise<boolean | null> {
  if (await isAncestor(git, earlier, commit)) return true
  const shallow = (await git(['rev-parse', '--is-shallow-repository'])).toString('utf8').trim() === 'true'
  return shallow && !(await isAncestor(git, commit, earlier)) ? null : false
}

/** A commit that was pruned is nobody's ancestor any more. */
async function isAncestor(git: Git, earlier: string, later: string): Promise<boolean> {
  try {
    await git(['merge-base', '--is-ancestor', earlier, later])
    return true
  } catch (error) {
    if (error instanceof GitError) return false
    throw error
  }
}
