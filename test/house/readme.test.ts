import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, mill, root, scratch, served } from './mill.ts'

/** Commands of the README that `.ci/run` calls itself. */
const GATE = ['npx pnpm@12 demo', 'npx pnpm@12 test']

/** Every command line in a `sh` block, without its comment. */
function commands(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? '')
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '')
}

test('every command in the README does what it says', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const gate = readFileSync(join(root, '.ci/run'), 'utf8')
  using dir = scratch()
  const repo = join(dir.path, 'repo')
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@localhost']
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: repo, encoding: 'utf8' })
    expect(stderr + status, args.join(' ')).toMatch(/0$/)
  }
  cpSync(join(root, 'content'), join(repo, 'content'), { recursive: true })
  cpSync(join(root, 'test/fixtures/apps/express-clean'), join(dir.path, 'my-app'), { recursive: true })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'one')
  git('commit', '-q', '--allow-empty', '-m', 'two')
  const server = await served(['dev'], { cwd: repo })
  try {
    for (const command of commands(readme)) {
      if (GATE.includes(command)) {
        expect(gate).toContain(command)
      } else if (command.startsWith('npx pnpm@12 mill ')) {
        const args = command.slice('npx pnpm@12 mill '.length).split(' ')
        if (args.includes('integrate-posthog') && args[0] === 'run')
          args[args.indexOf('integrate-posthog')] = 'walking-skeleton'
        if (args[0] === 'run' && !args.includes('--base')) args.push('--base', server.base)
        const there = args.map((arg) => arg.replace('http://localhost:8765', server.base))
        const { code, stderr } = await mill(there, { cwd: repo })
        if (args.includes('--resume')) expect(stderr).toContain('run/nothing-to-resume')
        else expect(`${stderr}${code}`, command).toMatch(/0$/)
      } else if (command.startsWith('git ')) {
        git(...command.split(' ').slice(1))
      } else if (command.startsWith('curl ')) {
        const url = `${server.base}${command.slice('curl localhost:8765'.length)}`
        await eventually(async () => ((await fetch(url)).ok ? true : undefined))
      } else {
        expect.fail(`nothing runs the README's "${command}"`)
      }
    }
  } finally {
    expect(await server.stop()).toBe(130)
  }
}, 60_000)
