import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { supervised } from '../../../client/supervision/supervised.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervised-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const env = { PATH: process.env.PATH }
const program = (code: string) => ({ command: process.execPath, args: ['-e', code], env, cwd: folder })

/** Stays whatever it is told, and has a child in a session of its own; each writes down who it is. */
const STUBBORN = `
  const who = () => require('node:fs').appendFileSync('pids', process.pid + '\\n')
  const stay = 'setInterval(() => {}, 1000); process.on("SIGTERM", () => {});'
  eval(stay); who()
  const child = stay + '(' + who + ')()'
  require('node:child_process').spawn(process.execPath, ['-e', child], { detached: true, stdio: 'ignore' }).unref()
`
const HAS_PROC = existsSync('/proc/self/environ')
const COUNT = 2

async function pids(): Promise<readonly number[]> {
  const told = await readFile(join(folder, 'pids'), 'utf8').catch(() => '')
  return told.split('\n').filter(Boolean).map(Number)
}

async function started(): Promise<readonly number[]> {
  while ((await pids()).length < COUNT) await sleep(20)
  return pids()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Kills what is still there after a while, and tells of it. */
async function left(found: readonly number[]): Promise<readonly number[]> {
  for (const from = Date.now(); Date.now() - from < 10_000 && found.some(isAlive); ) await sleep(20)
  const alive = found.filter(isAlive)
  for (const pid of alive) process.kill(pid, 'SIGKILL')
  return alive
}

describe('supervised()', () => {
  test('passes on what is said to the program and by it, its environment and its exit code', async () => {
    const code = `process.stdin.on('data', (said) => process.stdout.write('heard ' + said)).on('end', () => process.exit(7))
      process.stderr.write(Object.keys(process.env).filter((name) => !name.startsWith('_')).join())`
    const { process: child } = supervised({ ...program(code), hears: true })
    const [said, complained] = [text(child.stdout), text(child.stderr)]
    child.stdin.end('you')
    expect(await once(child, 'exit')).toEqual([7, null])
    expect([await said, await complained]).toEqual(['heard you', 'PATH,MILL_SUPERVISED'])
  })

  test.skipIf(!HAS_PROC).each([true, false])(
    'ends a program and what has left its group, where it hears: %s',
    async (hears) => {
      const { end } = supervised({ ...program(STUBBORN), hears })
      const found = await started()
      await end()
      expect(await left(found)).toEqual([])
    },
    30_000,
  )

  test.skipIf(!HAS_PROC)(
    'ends them when its supervisor is killed, and when it does not answer',
    async () => {
      const first = supervised({ ...program(STUBBORN), hears: false })
      let found = await started()
      first.process.kill('SIGKILL')
      await first.end()
      expect(await left(found)).toEqual([])
      await rm(join(folder, 'pids'))
      const second = supervised({ ...program(STUBBORN), hears: true })
      found = await started()
      second.process.kill('SIGSTOP')
      await second.end()
      expect(await left(found)).toEqual([])
    },
    30_000,
  )

  test.skipIf(!HAS_PROC)(
    'leaves nothing behind when its parent is killed outright',
    async () => {
      const module = new URL('../../../client/supervision/supervised.ts', import.meta.url).href
      const asked = JSON.stringify({ ...program(STUBBORN), hears: true })
      const code = `(await import(${JSON.stringify(module)})).supervised(${asked}); setInterval(() => {}, 1000)`
      const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
      const found = await started()
      parent.kill('SIGKILL')
      expect(await left(found)).toEqual([])
    },
    30_000,
  )
})
