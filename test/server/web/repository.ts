import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FIXTURES = join(import.meta.dirname, '../../fixtures')

/** A repository with every feature of content, a branch that differs, one that is broken, and one that is gone. */
export function fullRepository(dir: string): { readonly content: string } {
  const content = join(dir, 'content')
  cpSync(join(FIXTURES, 'content-full'), content, { recursive: true })
  cpSync(join(FIXTURES, 'example-apps'), join(dir, 'example-apps'), { recursive: true })
  const env = {
    ...{ PATH: process.env.PATH, HOME: dir, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org' },
    ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' },
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, env, stdio: 'pipe' })
  const commit = () => {
    git('add', '--all')
    git('commit', '--quiet', '-m', 'content')
  }
  const edit = (path: string, change: (text: string) => string) => {
    const file = join(content, path)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }
  git('init', '--quiet', '--initial-branch=main')
  commit()
  git('switch', '--quiet', '-c', 'experiment/shorter')
  edit('agents/set-up-lantern/record.md', (text) => text.replace('allowedTools: [', 'allowedTools: [Bash, '))
  edit('skills/lantern-notes/SKILL.md', (text) => `${text}\nOne more line.\n`)
  commit()
  git('switch', '--quiet', '-c', 'experiment/broken', 'main')
  edit('agents/set-up-lantern/record.md', (text) => text.replace('allowedTools: [', 'allowedTools: [Reed, '))
  commit()
  git('switch', '--quiet', 'main')
  return { content }
}
