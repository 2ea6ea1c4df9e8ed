import { execFileSync } from 'node:child_process'
import { contentFolder, scratch } from './scratch.ts'

export interface Repo {
  readonly dir: string
  readonly content: string
  /** Runs git in the repository; gives back what it prints. */
  readonly git: (...args: string[]) => string
  /** Commits all there is on the current branch; gives back the commit. */
  readonly commit: (message: string) => string
}

/** A repository with `content/` committed on `main`. */
export function repoWithContent(): Repo {
  const dir = scratch()
  const content = contentFolder(dir)
  const env = {
    PATH: process.env.PATH,
    HOME: dir,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  }
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', stdio: 'pipe' }).trim()
  const commit = (message: string) => {
    git('add', '--all', '.', ':!.mill')
    git('commit', '--quiet', '--allow-empty', '-m', message)
    return git('rev-parse', 'HEAD')
  }
  git('init', '--quiet', '--initial-branch=main')
  commit('content')
  return { dir, content, git, commit }
}
