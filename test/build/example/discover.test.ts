import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { discoverExamples } from '../../../build/example/discover.ts'
import { examplePathOf } from '../../../build/example/requests.ts'

let holder: string

beforeEach(async () => {
  holder = await mkdtemp(join(tmpdir(), 'mill-example-'))
})
afterEach(() => rm(holder, { recursive: true, force: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(holder, path)), { recursive: true })
    await writeFile(join(holder, path), text)
  }
}

const config = (...paths: string[]) => ({
  'content/skills/web/config.yaml': `variants:\n${paths.map((path, at) => `  - id: v${at}\n    example_paths: ${path}\n`).join('')}`,
})

async function read() {
  const dir = join(holder, 'content')
  const { examples, diagnostics } = discoverExamples(dir, await discover(dir))
  return {
    examples: [...(examples ?? [])].map(([path, files]) => [path, files.map((file) => file.path)]).sort(),
    diagnostics: diagnostics.map(({ code, path }) => `${code} ${path}`),
  }
}

test('discoverExamples() reads the named folders beside the content root, and no others', async () => {
  await write({
    ...config('apps/web', '[apps/api, ./apps/web/]'),
    'apps/web/app/page.tsx': 'x',
    'apps/web/README.md': 'x',
    'apps/web/node_modules/left/index.js': 'x',
    'apps/api/main.py': 'x',
    'apps/other/main.py': 'x',
  })
  expect(await read()).toEqual({
    examples: [
      ['apps/api', ['main.py']],
      ['apps/web', ['README.md', 'app/page.tsx']],
    ],
    diagnostics: [],
  })
})

test('discoverExamples() does not open what skip patterns leave out, and a broken group hides no other', async () => {
  await write({
    ...config('apps/web', '7', 'apps/api'),
    'content/skills/broken/config.yaml': 'variants: [}',
    'content/skip-patterns.yaml': 'examples:\n  web:\n    includes: [.css]\n',
    'apps/web/a.css': 'x',
    'apps/web/a.ts': 'x',
    'apps/api/a.css': 'x',
  })
  expect((await read()).examples).toEqual([
    ['apps/api', ['a.css']],
    ['apps/web', ['a.ts']],
  ])
})

test('discoverExamples() follows no link, neither inside an app nor on the way to it', async () => {
  await write({ ...config('apps/web', 'linked/web'), 'apps/web/a.ts': 'x', 'secret/web/key.ts': 'canary' })
  await symlink(join(holder, 'secret'), join(holder, 'linked'))
  await symlink(join(holder, 'secret/web/key.ts'), join(holder, 'apps/web/key.ts'))
  await symlink(join(holder, 'apps'), join(holder, 'apps/web/loop'))
  expect(await read()).toEqual({
    examples: [['apps/web', ['a.ts']]],
    diagnostics: [
      'example/link ../apps/web/key.ts',
      'example/link ../apps/web/loop',
      'example/link ../linked',
    ],
  })
})

test.each([
  '../outside',
  '/etc',
  'apps/../../outside',
  'C:/windows',
  'a\\b',
  '.',
  '..',
  '',
  'a//b',
  '~/../x/..',
])('discoverExamples() never looks at %s', async (path) => {
  expect(examplePathOf(path)).toBeUndefined()
  await write(config(`'${path}'`))
  expect(await read()).toEqual({ examples: [], diagnostics: [] })
})

test('discoverExamples() gives no entry to what is missing or a file', async () => {
  await write({ ...config('apps/none', 'apps/file'), 'apps/file': 'x' })
  expect(await read()).toEqual({ examples: [], diagnostics: [] })
})
