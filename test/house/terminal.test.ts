import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bin, eventually, root, type Served, scratch, served } from './mill.ts'

const dir = scratch()
let server: Served
beforeAll(async () => {
  const store = join(dir.path, 'store')
  server = await served(['serve', '--content', 'content', '--root', 'dev', '--store', store])
})
afterAll(async () => {
  await server.stop()
  dir[Symbol.dispose]()
})

function app(name: string): string {
  const folder = join(dir.path, name)
  cpSync(join(root, 'test/fixtures/apps/express-clean'), folder, { recursive: true })
  return folder
}

function journal(folder: string): string {
  const runs = join(folder, '.mill/runs')
  const [run = ''] = readdirSync(runs)
  return readFileSync(join(runs, run, 'audit.jsonl'), 'utf8')
}

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')

/** `script` gives a command a terminal of its own. */
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

/** A run in a terminal, at work on an install that takes until it is interrupted. */
async function installing(folder: string) {
  // Nobody answers there.
  writeFileSync(join(folder, '.npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retry-mintimeout=60000\n')
  const words = [process.execPath, bin, 'run', folder, '--base', server.base, '--flow', 'integrate-posthog']
  // So that nobody is asked for it.
  words.push('--env', 'POSTHOG_KEY=phc_given')
  const env = { ...process.env, CI: '' }
  const child = spawn('script', ['-qec', quoted(words), '/dev/null'], { env, stdio: 'pipe' })
  let screen = ''
  child.stdout.on('data', (chunk) => {
    screen += chunk
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  await eventually(async () => (/Install and build.*running/.test(screen) ? true : undefined), 60_000)
  return { child, ended, screen: () => screen }
}

function lastOf(folder: string): unknown {
  return JSON.parse(journal(folder).trimEnd().split('\n').at(-1) ?? '')
}

describe.runIf(hasTerminals)('mill run in a terminal', () => {
  const cancelled = { e: 'run-finished', verdict: 'cancelled' }

  test('ends cleanly with 130 on Ctrl-C, with every attempt settled in the journal', async () => {
    const folder = app('interrupted')
    const { child, ended, screen } = await installing(folder)
    child.stdin.write('\u0003')
    expect(await ended).toBe(130)
    expect(lastOf(folder)).toMatchObject(cancelled)
    expect(screen()).toContain('The run was interrupted')
  }, 150_000)

  test('ends as cleanly when the terminal is closed', async () => {
    const folder = app('hung-up')
    const { child, ended } = await installing(folder)
    child.kill('SIGKILL')
    await ended
    await eventually(async () => (/run-finished/.test(journal(folder)) ? true : undefined), 60_000)
    expect(lastOf(folder)).toMatchObject(cancelled)
  }, 150_000)
})

test.skipIf(!existsSync('/dev/full'))(
  'output that finds no room changes how a command ends, not what it does',
  async () => {
    const folder = app('no-room')
    const words = [process.execPath, bin, 'run', folder, '--base', server.base, '--flow', 'walking-skeleton']
    const child = spawn('sh', ['-c', `${quoted(words)} > /dev/full`], { stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    expect(await new Promise((done) => child.once('close', done))).toBe(1)
    expect(stderr).toMatch(/^error cli\/output: Cannot write all of the output: ENOSPC.*\n$/)
    expect(journal(folder)).toContain('"verdict":"succeeded"')
  },
  60_000,
)

describe('a reader that goes away', () => {
  test.each([
    ['check', '--content', 'test/fixtures/broken'],
    ['graph', '--content', 'content'],
  ])('does not make mill %s a bug', async (...args) => {
    const { stderr } = await cutOff(args)
    expect(stderr).toBe('')
  })

  test('does not change how a run ends', async () => {
    const folder = app('piped')
    const { code, stderr } = await cutOff([
      'run',
      folder,
      '--base',
      server.base,
      '--flow',
      'walking-skeleton',
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(journal(folder)).toContain('"verdict":"succeeded"')
  })
})

/** Runs `mill` with nobody behind its pipe. */
async function cutOff(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [bin, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, stderr }
}
