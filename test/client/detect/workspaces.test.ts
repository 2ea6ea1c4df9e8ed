import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { detect } from '../../../client/detect/detect.ts'
import { workspaceFolders } from '../../../client/detect/workspaces.ts'

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'mill-workspaces-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const pack = (workspaces: unknown, ...dependencies: string[]) =>
  JSON.stringify({ workspaces, dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])) })
const APPS = {
  'apps/web/package.json': pack(undefined, 'next'),
  'apps/api/package.json': pack(undefined, 'express'),
  'packages/ui/package.json': pack(undefined, 'lodash'),
}

test.each([
  ['npm', { 'package.json': pack(['apps/*', 'packages/*']) }],
  ['yarn', { 'package.json': pack({ packages: ['apps/**'] }) }],
  [
    'pnpm',
    {
      'package.json': '{}',
      'pnpm-workspace.yaml': "packages:\n  # apps\n  - 'apps/*'\r\n  - packages/*\nx: 1\n",
    },
  ],
  ['names', { 'package.json': pack(['./apps/web/', 'apps/a*i', 'packages/ui']) }],
])('detect() asks which app is meant at the root of a workspace of %s', async (_name, root) => {
  await expect(detect(tree({ ...root, ...APPS }))).rejects.toMatchObject({
    code: 'run/which-package',
    exit: 2,
    message: expect.stringMatching(
      /several apps, expected the folder of one: (?=.*apps\/web \(nextjs\))(?=.*apps\/api \(express\))(?!.*ui)/,
    ),
  })
})

test('detect() names the only app of a workspace, and takes its folder', async () => {
  const root = tree({ 'package.json': pack(['apps/*', '!apps/api']), ...APPS })
  const refused = detect(root)
  await expect(refused).rejects.toThrow('one app, expected the folder of one: apps/web (nextjs)')
  expect((await detect(join(root, 'apps/web'))).framework).toBe('nextjs')
})

test('detect() takes a root that is an app itself, and one without any', async () => {
  expect((await detect(tree({ 'package.json': pack(['apps/*'], 'next'), ...APPS }))).framework).toBe('nextjs')
  expect((await detect(tree({ 'package.json': pack(['packages/*']), ...APPS }))).framework).toBeNull()
  const broken = { 'package.json': pack(['apps/*']), 'apps/a/package.json': '{' }
  expect((await detect(tree(broken))).framework).toBeNull()
})

test('workspaceFolders() stays inside, follows no link, and ends', async () => {
  const outside = tree({ 'secret/package.json': pack(undefined, 'next') })
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`many/p${at}/package.json`, '{}']))
  const deep = { [`${'d/'.repeat(40)}package.json`]: '{}' }
  const patterns = [
    '../*',
    '/etc/*',
    '**/../..',
    '\\..\\*',
    'link/*',
    'many/*',
    '**',
    7,
    `${'*a'.repeat(5000)}`,
  ]
  const root = tree({ 'package.json': pack(patterns), ...many, ...deep })
  symlinkSync(outside, join(root, 'link'))
  // A list with a number in it is no list.
  expect(await workspaceFolders(root)).toEqual([])
  writeFileSync(join(root, 'package.json'), pack(patterns.filter((one) => one !== 7)))
  const found = await workspaceFolders(root)
  expect(found.length).toBeLessThanOrEqual(200)
  for (const folder of found) expect(folder).toMatch(/^(many|d)(\/|$)/)
  for (const odd of ['[]', 'null', '{"workspaces":{"packages":7}}', '{"workspaces":"apps/*"}', '{']) {
    writeFileSync(join(root, 'package.json'), odd)
    expect(await workspaceFolders(root)).toEqual([])
  }
})

const MILLION = 1_000_000
const filled = (piece: string) => piece.repeat(Math.floor(MILLION / piece.length))
test.each([
  ['package.json', `{"dependencies":${filled('[')}`],
  ['package.json', `{"__proto__":{"next":"1"},"constructor":"x","name":"${filled('x')}"}`],
  [
    'package.json',
    JSON.stringify({
      dependencies: Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`p${at}`, '1'])),
    }),
  ],
  ['pyproject.toml', `[project]\n${filled('dependencies = [\n')}`],
  ['pyproject.toml', `[project]\ndependencies = [${filled('"a')}`],
  ['pyproject.toml', filled('[a.b]\n')],
  ['Package.swift', filled('.package(')],
  ['Package.swift', filled('.package(url: ')],
  ['requirements.txt', filled(' ')],
  ['go.mod', filled('a.a')],
  ['Gemfile', filled('gem (')],
  ['build.gradle', filled('com.android.')],
  ['composer.json', filled('{"require":')],
])('detect() is done with a hostile %s, whatever it says', async (name, text) => {
  const outcome = await detect(tree({ [name]: text })).catch((error: { code?: string }) => error.code)
  expect(['run/not-a-project', 'object']).toContain(typeof outcome === 'object' ? 'object' : outcome)
})

test('detect() shows no name that could move the cursor, and none without end', async () => {
  const { name } = await detect(
    tree({ 'package.json': JSON.stringify({ name: `\u001b[2Ja\u202e${'x'.repeat(999)}` }) }),
  )
  expect(name).toMatch(/^<U\+001B>\[2Ja<U\+202E>x+$/)
  expect(name).toHaveLength(214)
})
