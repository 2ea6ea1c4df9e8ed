/** No process of a command outlives it, whatever it does and however its agent ends. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bashTool } from '../../../../client/tools/files/bash.ts'
import { times } from '../../../times.ts'

/** What each kind does beside ignoring SIGTERM; all write down who they are, and stay. */
const KINDS: Readonly<Record<string, { readonly processes: number; readonly does: string }>> = {
  hang: { processes: 1, does: '' },
  fork: { processes: 4, does: 'if (depth < 4) child({})' },
  daemon: { processes: 3, does: "if (depth < 3) { child({ detached: true, stdio: 'ignore' }).unref() }" },
  orphan: {
    processes: 3,
    does: "if (depth < 3) child({ detached: true, stdio: 'ignore' }).once('spawn', () => depth === 2 && process.exit())",
  },
  'without-environment': { processes: 2, does: 'if (depth < 2) child({ detached: true, env: {} })' },
  flood: {
    processes: 1,
    does: "for (let n = 0; n < 100; n++) process.stdout.write(Buffer.alloc(1e6, 'x'))",
  },
  'closed-output': { processes: 1, does: "for (const fd of [1, 2]) require('node:fs').closeSync(fd)" },
}
const ENDS = ['cancel', 'timeout', 'kill'] as const
const ROUNDS = times(1, 5)
/** Every kind with every end, five times, is the long way; every other one once is the short way. */
const CASES = Object.keys(KINDS)
  .flatMap((kind) => ENDS.map((end) => ({ kind, end })))
  .filter((_, at) => at % times(2, 1) === 0)
/** Elsewhere only the group can be followed. */
const FOLLOWED = ['hang', 'fork', 'flood', 'closed-output']

let app = ''
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'supervision-'))
})
afterEach(() => rm(app, { recursive: true, force: true }))

async function prepare(kind: string): Promise<void> {
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({ name: 'x', version: '1.0.0', scripts: { x: 'node x.cjs' } }),
  )
  await writeFile(
    join(app, 'x.cjs'),
    `for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGPIPE']) process.on(name, () => {})
     process.stdout.on('error', () => {})
     const depth = Number(process.argv[2] ?? 1)
     const child = (options) => require('node:child_process').spawn(process.execPath, [__filename, depth + 1], options)
     setInterval(() => {}, 1000)
     require('node:fs').appendFileSync(${JSON.stringify(join(app, 'pids'))}, process.pid + '\\n')
     ${KINDS[kind]?.does}`,
  )
}

async function pids(): Promise<readonly number[]> {
  const text = await readFile(join(app, 'pids'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).map(Number)
}

async function started(count: number): Promise<void> {
  while ((await pids()).length < count) await sleep(20)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(existsSync('/proc') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '')
  } catch {
    return false
  }
}

/** Starts the command and ends it in one of the ways; by a timeout before or after it has started all it would. */
async function endBy(end: (typeof ENDS)[number], count: number): Promise<void> {
  if (end === 'kill') return endWithItsParent(count)
  const stop = new AbortController()
  const timeout = end === 'timeout' ? 1500 : 60_000
  const running = bashTool(app).run({ command: 'npm run x', timeout }, stop.signal)
  running.catch(() => undefined)
  if (end === 'cancel') await started(count).then(() => stop.abort())
  await expect(running).rejects.toThrow('Stopped')
}

async function endWithItsParent(count: number): Promise<void> {
  const tool = new URL('../../../../client/tools/files/bash.ts', import.meta.url).href
  const code = `const { bashTool } = await import(${JSON.stringify(tool)})
    await bashTool(${JSON.stringify(app)}).run({ command: 'npm run x' }, new AbortController().signal)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
  await started(count)
  parent.kill('SIGKILL')
}

test.each(CASES)(
  'Bash leaves no process behind: $kind, ended by $end',
  async ({ kind, end }) => {
    if (process.platform !== 'linux' && !FOLLOWED.includes(kind)) return
    for (let round = 0; round < ROUNDS; round += 1) {
      await rm(join(app, 'pids'), { force: true })
      await prepare(kind)
      await endBy(end, KINDS[kind]?.processes ?? 1)
      const found = await pids()
      for (const from = Date.now(); Date.now() - from < 2000 && found.some(isAlive); ) await sleep(20)
      const left = found.filter(isAlive)
      for (const pid of left) process.kill(pid, 'SIGKILL')
      expect(left).toEqual([])
    }
  },
  60_000,
)
