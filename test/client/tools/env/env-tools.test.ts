import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkEnvKeys } from '../../../../client/tools/check-env-keys.ts'
import { type GivenValues, givenValues, readGiven } from '../../../../client/tools/env/given-values.ts'
import { setEnvValues } from '../../../../client/tools/set-env-values.ts'
import { appWithRun, type ScratchApp } from '../attempt-of.ts'

const SECRET = 'phc_do-not-show'
const never = new AbortController().signal
let app: ScratchApp
let given: GivenValues
beforeEach(async () => {
  app = await appWithRun()
  given = givenValues(new Map([['API_KEY', SECRET]]))
})
afterEach(() => app[Symbol.asyncDispose]())

const tools = (framework: string | null) => ({ app: app.path, runFolder: app.runFolder, framework, given })
const set = (values: object, file?: string, framework: string | null = 'nextjs') =>
  setEnvValues(tools(framework)).run({ values, ...(file === undefined ? {} : { file }) }, never)
const check = (keys: readonly string[], file?: string) =>
  checkEnvKeys(tools(null)).run({ keys, ...(file === undefined ? {} : { file }) }, never)
const write = (name: string, text: string) => writeFile(join(app.path, name), text)
const read = (name: string) => readFileSync(join(app.path, name), 'utf8')
const git = (...args: string[]) => execFileSync('git', args, { cwd: app.path, stdio: 'pipe' })

describe('set_env_values', () => {
  test('puts values of all three kinds in the file the framework reads, and shows none', async () => {
    const answer = await set({
      HOST: 'https://eu.example',
      API_KEY: { from: 'person' },
      OTHER_KEY: { from: 'placeholder' },
    })
    expect(read('.env.local')).toBe(`HOST=https://eu.example\nAPI_KEY=${SECRET}\nOTHER_KEY=your-other-key\n`)
    expect(answer).toBe(
      'In .env.local\nHOST: set\nAPI_KEY: set to what the person gave\nOTHER_KEY: set to a placeholder',
    )
    expect(statSync(join(app.path, '.env.local')).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['nextjs', [], '.env.local'],
    ['express', [], '.env'],
    [null, [], '.env'],
    ['express', ['.env.local'], '.env.local'],
    ['nextjs', ['.env'], '.env.local'],
  ])('for %s with %j writes %s', async (framework, there, file) => {
    for (const name of there) await write(name, '')
    await set({ HOST: 'x' }, undefined, framework)
    expect(read(file)).toBe('HOST=x\n')
  })

  test('leaves what has a value as it is, and fills placeholders', async () => {
    await write('.env', '# ours\nDATABASE_URL=keep\nHOST=your-host\n')
    await chmod(join(app.path, '.env'), 0o640)
    const answer = await set({ DATABASE_URL: { from: 'placeholder' }, HOST: 'new' }, '.env')
    expect(read('.env')).toBe('# ours\nDATABASE_URL=keep\nHOST=new\n')
    expect(answer).toContain('DATABASE_URL: left as it was, it has a value')
    expect(statSync(join(app.path, '.env')).mode & 0o777).toBe(0o640)
  })

  test('loses nothing when many agents set values at once', async () => {
    const keys = Array.from({ length: 12 }, (_, at) => `HOST_${at}`)
    await Promise.all(keys.map((key) => set({ [key]: 'x' })))
    expect(read('.env.local').trim().split('\n').sort()).toEqual(keys.map((key) => `${key}=x`).sort())
    expect(readdirSync(app.runFolder)).toEqual([])
  })

  test.each([
    [{ API_KEY: 'sk-invented' }, 'such values come from a person'],
    [{ OTHER_KEY: { from: 'person' } }, 'no person gave a value'],
    [{ NODE_OPTIONS: '--require ./x.js' }, 'NODE_OPTIONS'],
    [{ HOST: 'a\nB=c' }, 'expected one line'],
    [{ HOST: '' }, 'values.HOST'],
    [{ HOST: { from: 'elsewhere' } }, 'values.HOST'],
    [{}, 'at least one name'],
  ])('refuses %j whole, and quotes no value', async (values, message) => {
    const error = await set({ GOOD: 'x', ...values }).then(
      () => undefined,
      (reason: Error) => reason,
    )
    if (Object.keys(values).length > 0) {
      expect(error?.message).toContain(message)
      expect(existsSync(join(app.path, '.env.local'))).toBe(false)
      expect(error?.message).not.toContain('sk-invented')
    } else await expect(set({})).rejects.toThrow(message)
  })

  test.each([
    '../.env',
    '/etc/.env',
    '.env.example',
    '.ENV',
    '.env.local ',
    '.e\u200bnv',
    '.envrc',
    'config.env',
    'package.json',
    '.git/.env',
    '.mill/runs/r1/.env',
    'node_modules/.env',
    'nowhere/.env',
    'away/.env',
    '.env.production',
    '.env.test',
    'folder/.env',
  ])('refuses the file %j', async (file) => {
    const outside = join(app.path, 'a.txt')
    await symlink(tmpdir(), join(app.path, 'away'))
    await symlink('a.txt', join(app.path, '.env.production'))
    await link(outside, join(app.path, '.env.test'))
    for (const folder of ['.git', 'node_modules', 'folder/.env'])
      await mkdir(join(app.path, folder), { recursive: true })
    await expect(set({ HOST: 'x' }, file)).rejects.toThrow(/^Cannot /)
    await expect(check(['HOST'], file)).rejects.toThrow(/^Cannot /)
    expect(read('a.txt')).toBe('one\n')
  })
})

describe('set_env_values in a repository', () => {
  beforeEach(() => git('init', '-q'))

  test('leaves .gitignore alone when it does', async () => {
    await write('.gitignore', '.env*\n')
    expect(await set({ HOST: 'x' })).toBe('In .env.local\nHOST: set')
    expect(read('.gitignore')).toBe('.env*\n')
  })

  test('makes git ignore the file before anything is in it', async () => {
    await write('.gitignore', 'dist')
    expect(await set({ HOST: 'x' })).toContain('which .gitignore names from now on')
    expect(read('.gitignore')).toBe('dist\n/.env.local\n')
    expect(String(git('status', '--porcelain', '-uall'))).not.toContain('.env.local')
  })

  test('writes nothing that git tracks, or that a rule brings back', async () => {
    await write('.env', '')
    git('add', '-f', '.env')
    await expect(set({ HOST: 'x' }, '.env')).rejects.toThrow('git tracks it')
    expect(read('.env')).toBe('')
    await expect(set({ HOST: 'x' }, '.env.local')).resolves.toContain('HOST: set')
  })

  test('does not write through a .gitignore that is a link', async () => {
    await symlink('a.txt', join(app.path, '.gitignore'))
    await expect(set({ HOST: 'x' })).rejects.toThrow('is a link')
    expect(read('a.txt')).toBe('one\n')
    expect(existsSync(join(app.path, '.env.local'))).toBe(false)
  })
})

describe('check_env_keys', () => {
  test('tells which are set, and where, never what', async () => {
    await write('.env', `A=${SECRET}\nB=\nC=your-c\n`)
    await write('.env.local', `A=${SECRET}\nB=${SECRET}\n`)
    await symlink('a.txt', join(app.path, '.env.test'))
    const answer = await check(['A', 'B', 'C', 'D', 'API_KEY'])
    expect(answer.split('\n')).toEqual([
      'A: set in .env, .env.local',
      'B: set in .env.local',
      'C: placeholder in .env',
      'D: missing',
      'API_KEY: missing; the person gave a value for it',
      '(looked at .env, .env.local)',
    ])
    expect(await check(['B'], '.env')).toBe('B: empty in .env\n(looked at .env)')
    expect(answer).not.toContain(SECRET)
  })
})

describe('readGiven()', () => {
  test('takes values from the command line and from the environment', () => {
    expect(readGiven(['A=b=c', 'B'], { B: 'x' })).toEqual(
      new Map([
        ['A', 'b=c'],
        ['B', 'x'],
      ]),
    )
    expect(readGiven(undefined, {})).toEqual(new Map())
  })
  test.each([['A'], ['A='], ['=x'], ['a b=x'], ['NODE_OPTIONS=secret-x'], ['A=secret-x\n']])(
    'refuses %j, and quotes no value',
    (text) => {
      expect(() => readGiven([text], {})).toThrow(/^Cannot give/)
      expect(() => readGiven([text], {})).not.toThrow(/secret-x/)
    },
  )
})
