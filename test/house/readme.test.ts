import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, mill, root, scratch, served } from './mill.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const gate = readFileSync(join(root, '.ci/run'), 'utf8')

/** Every command line in a `sh` block, without its comment. */
function commands(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? '')
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '')
}

function git(repo: string, args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@localhost']
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: repo, encoding: 'utf8' })
  expect(stderr + status, args.join(' ')).toMatch(/0$/)
}

interface Stage {
  readonly repo: string
  readonly base: string
}

/** A `mill run` of the README, on a flow that needs no package installs, against our own server. */
async function runFlow(args: readonly string[], { repo, base }: Stage): Promise<void> {
  const flow = args.map((arg) => arg.replace('integrate-posthog', 'walking-skeleton'))
  const full = flow.includes('--base') ? flow : [...flow, '--base', base]
  const { code, stderr } = await mill(full, { cwd: repo, env: { NEXT_PUBLIC_POSTHOG_KEY: 'phc_given' } })
  if (args.includes('claude')) expect(stderr).toContain('run/harness-unavailable')
  else expect(`${stderr}${code}`, args.join(' ')).toMatch(/0$/)
}

async function nothingToResume(args: readonly string[], { repo }: Stage): Promise<void> {
  expect((await mill(args, { cwd: repo })).stderr).toContain('run/nothing-to-resume')
}

/** What the README says to a shell about the SDK is what `mill doctor` says. */
async function toldByDoctor(words: string): Promise<void> {
  expect((await mill(['doctor'])).stdout).toContain(words)
}

async function runMill(args: readonly string[], stage: Stage): Promise<void> {
  if (args[0] === 'run') return runFlow(args, stage)
  if (args[0] === 'resume') return nothingToResume(args, stage)
  const { code, stderr } = await mill(args, { cwd: stage.repo })
  expect(`${stderr}${code}`, args.join(' ')).toMatch(/0$/)
}

/** Asks until there is a good answer, as far as its first bytes: a stream of events never ends. */
async function ask(address: string): Promise<void> {
  await eventually(async () => {
    const answer = await fetch(`http://${address}`)
    const reader = answer.body?.getReader()
    const first = await reader?.read()
    await reader?.cancel()
    return answer.ok && first?.done === false ? true : undefined
  })
}

/** The yaml that the README shows, where it says the file is. */
function yamlOf(markdown: string, key: string): string {
  const block = [...markdown.matchAll(/^```yaml\n(.*?)^```/gms)].find(([, text = '']) => text.startsWith(key))
  return block?.[1] ?? expect.fail(`the README shows no yaml with "${key}"`)
}

/** How each kind of command in the README is tried. */
const TRIES: readonly (readonly [prefix: string, attempt: (rest: string, stage: Stage) => Promise<void>])[] =
  [
    ['npx pnpm@12 mill ', async (rest, stage) => runMill(rest.split(' '), stage)],
    ['npx pnpm@12 ', async (rest) => expect(gate).toContain(`npx pnpm@12 ${rest}`)],
    ['git ', async (rest, { repo }) => git(repo, rest.split(' '))],
    ['npm install ', async (rest) => toldByDoctor(`npm install ${rest}`)],
    ['export ', async (rest) => toldByDoctor(`export ${rest.split(' ')[0]}`)],
    ['curl ', async (rest) => ask(rest.replace(/^-N /, '').replaceAll("'", ''))],
  ]

/** Gives the channel main a second release, so that there is one to go back to. */
async function moveMain({ repo, base }: Stage): Promise<void> {
  appendFileSync(join(repo, 'content/shared/task-contract.md'), '\nBe kind.\n')
  git(repo, ['commit', '-q', '-a', '-m', 'three'])
  await eventually(async () => {
    const answer = await fetch(`${base}/channels/main`)
    const { pointer } = (await answer.json()) as { pointer?: { serial: number } }
    return pointer?.serial === 2 ? true : undefined
  })
}

test('every command in the README does what it says', async () => {
  using dir = scratch()
  const repo = join(dir.path, 'repo')
  cpSync(join(root, 'content'), join(repo, 'content'), { recursive: true })
  cpSync(join(root, 'test/fixtures/apps/express-clean'), join(dir.path, 'my-app'), { recursive: true })
  writeFileSync(join(repo, 'content/experiments.yaml'), yamlOf(readme, 'experiments:'))
  git(repo, ['init', '-q', '-b', 'main'])
  git(repo, ['add', '-A'])
  git(repo, ['commit', '-q', '-m', 'one'])
  git(repo, ['commit', '-q', '--allow-empty', '-m', 'two'])
  const server = await served(['dev'], { cwd: repo })
  try {
    await moveMain({ repo, base: server.base })
    for (const command of commands(readme)) {
      const [prefix, attempt] = TRIES.find(([start]) => command.startsWith(start)) ?? []
      if (prefix === undefined || attempt === undefined)
        expect.fail(`nothing tries the README's "${command}"`)
      const here = command
        .slice(prefix.length)
        .replaceAll(
          /(http:\/\/)?localhost:8765/g,
          (_, scheme = '') => `${scheme}${new URL(server.base).host}`,
        )
      await attempt(here, { repo, base: server.base })
    }
  } finally {
    expect(await server.stop()).toBe(130)
  }
}, 120_000)
