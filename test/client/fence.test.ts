import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fence } from '../../client/fence.ts'
import type { Decision } from '../../client/harness/harness.ts'
import { TOOLS } from '../../schemas/agent-prompt.ts'
import { fc } from '../properties.ts'
import { ESCAPES, READ_ONLY } from './fence-paths.ts'

let base = ''
let app = ''
const run = '.mill/runs/r1'

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'fence-')))
  app = join(base, 'app')
  for (const folder of [
    'src',
    '.git',
    'node_modules/x',
    `${run}/handoffs`,
    `${run}/skills/s`,
    '.mill/runs/r2',
    'a/.env',
  ]) {
    await mkdir(join(app, folder), { recursive: true })
  }
  await mkdir(join(base, 'app-beside'))
  for (const file of [
    'src/a.ts',
    '.env',
    '.env.local',
    '.git/config',
    'package.json',
    'a/.env/x',
    `${run}/queue.json`,
  ]) {
    await writeFile(join(app, file), 'x')
  }
  await writeFile(join(base, 'secret.txt'), 'secret')
  const links: readonly (readonly [string, string])[] = [
    ['../secret.txt', 'src/link.txt'],
    ['..', 'up'],
    ['/', 'root'],
    ['../gone.txt', 'dangling.txt'],
    ['.env', 'harmless.txt'],
    ['.git', 'notes'],
    ['node_modules', 'packages'],
    [`${run}`, 'records'],
    ['loop-b', 'loop-a'],
    ['loop-a', 'loop-b'],
    ['src', 'inner'],
    ['src/a.ts', '.env.example'],
    ['src/a.ts', '.env.staging'],
  ]
  for (const [target, path] of links) await symlink(target, join(app, path))
  await symlink(app, join(base, 'app-link'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

function asked(
  tool: string,
  input: unknown,
  tools = { allow: TOOLS as readonly string[], deny: [] as string[] },
) {
  return fence({ app, runFolder: join(app, run), ...tools })({ tool, input })
}
const write = (file_path: unknown): Promise<Decision> => asked('Write', { file_path, content: '' })
const read = (file_path: unknown): Promise<Decision> => asked('Read', { file_path })

describe('fence() on paths', () => {
  test.each(ESCAPES)('neither reads nor writes %j', async (path) => {
    expect(await read(path)).toMatchObject({ allow: false })
    expect(await write(path)).toMatchObject({ allow: false })
    expect(await asked('Edit', { file_path: path, old_string: 'a', new_string: 'b' })).toMatchObject({
      allow: false,
    })
  })

  test.each(READ_ONLY)('reads %j and does not write it', async (path) => {
    expect(await read(path)).toEqual({ allow: true })
    expect(await write(path)).toMatchObject({ allow: false })
  })

  test.each([
    'src/a.ts',
    './src/new.ts',
    'app/[id]/page.tsx',
    'app/(group)/[...slug]/page.tsx',
    'src//a.ts',
    '.env.example',
    'environment.ts',
    'src/env.ts',
    'inner/a.ts',
    '.github/workflows/ci.yml',
    '.gitignore',
    `${run}/markers/t1-install.txt`,
    'records/markers/t1.txt',
  ])('reads and writes %j', async (path) => {
    expect(await read(path)).toEqual({ allow: true })
    expect(await write(path)).toEqual({ allow: true })
  })

  test('takes an absolute path inside the app, also by a link to the app, and none beside it', async () => {
    expect(await read(join(app, 'src/a.ts'))).toEqual({ allow: true })
    const linked = fence({
      app: join(base, 'app-link'),
      runFolder: join(base, 'app-link', run),
      allow: ['Read'],
      deny: [],
    })
    expect(await linked({ tool: 'Read', input: { file_path: join(base, 'app-link/src/a.ts') } })).toEqual({
      allow: true,
    })
    expect(await read(join(base, 'app-beside/x'))).toMatchObject({ allow: false })
    expect(await read(`${app}/../secret.txt`)).toMatchObject({ allow: false })
  })

  test('sees a link that was made after the fence', async () => {
    const judge = fence({ app, runFolder: join(app, run), allow: ['Write'], deny: [] })
    const call = { tool: 'Write', input: { file_path: 'later/x.txt', content: '' } }
    expect(await judge(call)).toEqual({ allow: true })
    await symlink('..', join(app, 'later'))
    expect(await judge(call)).toMatchObject({ allow: false })
  })

  test('never allows a path with a ".." segment, wherever it stands', async () => {
    const part = fc.constantFrom('src', 'a.ts', 'x', '.', 'up', 'inner')
    await fc.assert(
      fc.asyncProperty(fc.array(part), fc.array(part), async (before, after) => {
        expect(await write([...before, '..', ...after].join('/'))).toMatchObject({ allow: false })
      }),
    )
  })
})

describe('fence() on searches and commands', () => {
  test.each([
    ['Grep', { pattern: 'x', path: '.env' }],
    ['Grep', { pattern: 'x', path: 'harmless.txt' }],
    ['Grep', { pattern: 'x', path: '.git' }],
    ['Grep', { pattern: 'x', path: '..' }],
    ['Grep', { pattern: 'x', path: 'up' }],
    ['Grep', { pattern: 'x', glob: '../**' }],
    ['Glob', { pattern: '../*' }],
    ['Glob', { pattern: '/etc/*' }],
    ['Glob', { pattern: 'src/../../*' }],
    ['Glob', { pattern: '*', path: '/' }],
    ['Bash', { command: 'npm install && rm -rf /' }],
    ['Bash', { command: 'cat .env' }],
    ['Bash', { command: 'node --check ../x.js' }],
    ['Bash', { command: 'node --check up/x.js' }],
    ['Bash', { command: 'npm run build', env: { A: 'b' } }],
  ])('refuses %s %j', async (tool, input) => {
    expect(await asked(tool, input)).toMatchObject({ allow: false })
  })

  test.each([
    ['Grep', { pattern: 'x' }],
    ['Grep', { pattern: '\\.\\./', path: 'src' }],
    ['Glob', { pattern: 'src/**/*.{ts,tsx}' }],
    ['Glob', { pattern: '**/[...slug]/*' }],
    ['Bash', { command: 'npm run build' }],
    ['Bash', { command: 'node --check src/a.js' }],
  ])('allows %s %j', async (tool, input) => {
    expect(await asked(tool, input)).toEqual({ allow: true })
  })
})

describe('fence() on names and malformed calls', () => {
  const input = { file_path: 'src/a.ts' }

  test('denies what is in neither list, and deny wins', async () => {
    expect(await asked('Read', input, { allow: [], deny: [] })).toMatchObject({ allow: false })
    expect(await asked('Read', input, { allow: ['Read'], deny: ['Read'] })).toMatchObject({ allow: false })
    expect(await asked('enqueue_task', {}, { allow: ['Read'], deny: [] })).toMatchObject({ allow: false })
    expect(await asked('enqueue_task', {}, { allow: ['enqueue_task'], deny: [] })).toEqual({ allow: true })
  })

  test('lets a task report, unless that is denied', async () => {
    expect(await asked('complete_task', {}, { allow: [], deny: [] })).toEqual({ allow: true })
    expect(await asked('complete_task', {}, { allow: [], deny: ['complete_task'] })).toMatchObject({
      allow: false,
    })
  })

  test.each([
    'read',
    'READ',
    'Read ',
    ' Read',
    'Re\u200bad',
    'mcp__x__Read',
    'WebFetch',
    'Task',
    '',
    '__proto__',
    'toString',
  ])('knows no tool %j, even where it is allowed', async (tool) => {
    expect(await asked(tool, input, { allow: [tool], deny: [] })).toMatchObject({ allow: false })
  })

  test.each([
    undefined,
    null,
    'src/a.ts',
    [],
    {},
    { file_path: 7 },
    { file_path: ['src/a.ts'] },
    { path: 'src/a.ts' },
    { file_path: 'src/a.ts', mode: 'w' },
    { file_path: { toString: () => 'src/a.ts' } },
  ])('denies the malformed input %j', async (malformed) => {
    expect(await asked('Read', malformed)).toMatchObject({ allow: false })
  })

  test('denies and does not reject, whatever it is given', async () => {
    const judge = fence({ app, runFolder: join(app, run), allow: TOOLS, deny: [] })
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (tool, anything) => {
        expect(await judge({ tool, input: anything } as never)).toMatchObject({ allow: false })
      }),
    )
    expect(await judge(null as never)).toMatchObject({ allow: false })
  })

  test('denies everything when the app is gone', async () => {
    const judge = fence({
      app: join(base, 'nowhere'),
      runFolder: join(base, 'nowhere', run),
      allow: TOOLS,
      deny: [],
    })
    expect(await judge({ tool: 'Read', input })).toMatchObject({ allow: false })
  })
})
