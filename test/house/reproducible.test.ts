import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf } from '../../schemas/digest.ts'
import { root, scratch } from './mill.ts'

const docs = join(root, 'test/fixtures/docs')
const fixtures = join(root, 'test/fixtures')

/** Copies a tree with the files made in another order and at another time, so that folders list them differently. */
function copied(from: string, to: string, order: 'as it is' | 'backwards'): void {
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(from, path)).isFile())
    .sort()
  for (const path of order === 'as it is' ? files : files.reverse()) {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    cpSync(join(from, path), join(to, path))
    if (order === 'backwards') utimesSync(join(to, path), 1e9, 1e9)
  }
}

const AS_NOBODY = ['setpriv', '--reuid', '65534', '--clear-groups']

/** Only root can become somebody else, and not everybody may read every checkout. */
function nobodyCanRun(): boolean {
  const [command = '', ...rest] = [...AS_NOBODY, process.execPath, join(root, 'bin/mill.js'), '--version']
  return spawnSync(command, rest).status === 0
}

interface Machine {
  readonly order: 'as it is' | 'backwards'
  readonly env: Readonly<Record<string, string>>
  readonly asNobody?: boolean
}

/** Builds the full fixture on a machine that differs, and names each file of the release by its digest. */
function built(dir: string, { order, env, asNobody = false }: Machine): Record<string, string> {
  copied(join(fixtures, 'content-full'), join(dir, 'content-full'), order)
  copied(join(fixtures, 'example-apps'), join(dir, 'example-apps'), order)
  const out = join(dir, 'out', 'release')
  mkdirSync(join(dir, 'out'), { mode: 0o777 })
  const args = ['build', '--content', join(dir, 'content-full'), '--docs-from', docs, '--out', out]
  const mill = [process.execPath, join(root, 'bin/mill.js'), ...args, '--cache', join(dir, 'out', 'cache')]
  const switching = asNobody && nobodyCanRun()
  if (switching) spawnSync('chmod', ['-R', 'a+rwX', dir])
  const [command = '', ...rest] = switching ? [...AS_NOBODY, ...mill] : mill
  const { status, stderr } = spawnSync(command, rest, {
    env: { PATH: process.env.PATH ?? '', HOME: dir, ...env },
    encoding: 'utf8',
  })
  expect(`${status}${status === 0 ? '' : stderr}`).toBe('0')
  return Object.fromEntries(readdirSync(out).map((name) => [name, digestOf(readFileSync(join(out, name)))]))
}

test('a build is the same to the byte in any time zone, for any user, whatever the order of folders', () => {
  using first = scratch()
  using second = scratch()
  using third = scratch()
  const here = built(first.path, { order: 'as it is', env: { TZ: 'UTC', USER: 'a', LANG: 'C' } })
  expect(Object.keys(here).length).toBeGreaterThan(20)
  const there = { TZ: 'Pacific/Kiritimati', USER: 'b', LANG: 'tr_TR.UTF-8' }
  expect(built(second.path, { order: 'backwards', env: there })).toEqual(here)
  const nobody = { TZ: 'America/St_Johns', USER: 'nobody' }
  expect(built(third.path, { order: 'backwards', env: nobody, asNobody: true })).toEqual(here)
}, 60_000)
