import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installer } from '../../../client/install/install.ts'
import { HAS_STRACE, tampered } from '../../build/publish/child.ts'
import { times } from '../../times.ts'
import { skillFiles } from './skill-files.ts'

const victim = fileURLToPath(new URL('./victim.ts', import.meta.url))
const KILLS = times(20, 200)
const FILES = 12

let app: string
let skillsFolder: string
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'mill-kill-'))
  skillsFolder = join(app, 'skills')
})
afterAll(() => rmSync(app, { recursive: true, force: true }))

/** A process that installs; each line it is told is answered by one. */
async function installing(): Promise<{ child: ChildProcess; tell: (line: string) => Promise<string> }> {
  // One thread for the disk, so that it is known which one to tamper with.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' }
  const child = spawn(process.execPath, [victim, app, skillsFolder], {
    ...{ stdio: ['pipe', 'pipe', 'inherit'], env },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    child,
    tell: async (line) => {
      child.stdin.write(`${line}\n`)
      return (await lines.next()).value ?? 'gone'
    },
  }
}

/** Every skill that is there, and whether it is whole. */
function skills(): ReadonlyMap<string, boolean> {
  const names = existsSync(skillsFolder) ? readdirSync(skillsFolder) : []
  return new Map(names.filter((name) => !name.startsWith('.')).map((name) => [name, isWhole(name)]))
}

function isWhole(name: string): boolean {
  const folder = join(skillsFolder, name)
  const present = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const files = [...skillFiles(name, FILES)]
  const same = ([path, bytes]: readonly [string, Uint8Array]) =>
    readFileSync(join(folder, path)).equals(bytes)
  return present.length === FILES && files.every(same)
}

test(`install() leaves each skill whole or not there after ${KILLS} kills`, {
  timeout: times(120_000, 900_000),
}, async () => {
  let installed = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, tell } = await installing()
    const gone = once(child, 'close')
    const before = new Set(skills().keys())
    const answers = Array.from({ length: 5 }, (_, at) => tell(`s${kill}-${at} ${FILES}`).catch(() => 'gone'))
    // Some are killed before the first skill is there, some after the last, however slow the disk is.
    await answers[(kill % 6) - 1]
    const delay = (kill * 7) % 40
    setTimeout(() => child.kill('SIGKILL'), delay)
    await gone
    const now = skills()
    expect([...now.values()]).not.toContain(false)
    for (const name of before) expect(now.has(name)).toBe(true)
    installed = now.size
  }
  expect(installed).toBeGreaterThan(0)
  // The next process takes away what the killed ones have left.
  await installer({ app, skillsFolder })('last', async () => skillFiles('last', FILES))
  expect(readdirSync(skillsFolder).filter((name) => name.startsWith('.'))).toEqual([])
  expect(skills().get('last')).toBe(true)
})

const CALLS = {
  open: 'openat',
  write: 'write,pwrite64,writev',
  rename: 'rename,renameat,renameat2',
  mkdir: 'mkdir,mkdirat',
}
const FAULTS = Object.entries(CALLS).flatMap(([call, names]) =>
  ['ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'EROFS', 'EXDEV'].flatMap((error) =>
    (call === 'rename' || times(0, 1) === 0 ? ['1'] : ['1', '2', '3']).map((when) => {
      return { call, names, error, when, id: `${call}-${error.toLowerCase()}-${when}` }
    }),
  ),
)

// Skipped where strace is absent: nothing else makes a call to the kernel fail on demand.
test.skipIf(!HAS_STRACE)(
  'install() answers every fault of the disk with its name, leaves nothing, and goes through when asked again',
  { timeout: 120_000 },
  async () => {
    const { child, tell } = await installing()
    try {
      expect(await tell(`warm ${FILES}`)).toBe('ok')
      for (const { call, names, error, when, id } of FAULTS) {
        const inject = ['-e', `trace=${names}`, '-e', `inject=${names}:error=${error}:when=${when}`]
        const staged = [...skillFiles(id, FILES).keys()].map((path) => join(skillsFolder, `.new-${id}`, path))
        // The thread also writes where it is waited for: a fault there is none of the disk.
        if (call === 'write') inject.push(...staged.flatMap((path) => ['-P', path]))
        const answer = await tampered({ pid: child.pid ?? 0, thread: 'disk', inject }, () =>
          tell(`${id} ${FILES}`),
        )
        // Making folders, Node looks what is in its way, and tells that.
        const told = call === 'mkdir' ? 'E[A-Z]+' : error
        const why = new RegExp(`^install/unwritable Cannot install skill "${id}": .* ${told} to `)
        expect(answer, id).toMatch(why)
        expect(readdirSync(skillsFolder).filter((name) => name.includes(id))).toEqual([])
        expect(await tell(`${id} ${FILES}`), id).toBe('ok')
        expect(isWhole(id)).toBe(true)
      }
    } finally {
      child.kill('SIGKILL')
    }
  },
)
