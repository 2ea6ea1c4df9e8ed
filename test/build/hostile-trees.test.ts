import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { writeLock } from '../../build/fetch/fetch-tree.ts'
import { gather } from '../../build/gather.ts'
import { openRepository } from '../../build/git/repository.ts'
import { build } from '../../build/pipeline.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { type Files, SEED, SOUND, TASK, treeOf } from './trees.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mill-hostile-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** Writes a sound tree into `root`/content, and what is given. */
function content(files: Files = {}): string {
  const dir = join(root, 'content')
  for (const [path, text] of Object.entries({ ...SOUND, ...files })) {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

const told = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ path, code }) => `${code} ${path}`)

describe('build() serves the sound part of a tree that holds', () => {
  test('links out of the tree, to itself, and to nothing: none is followed, each is told', async () => {
    const dir = content()
    writeFileSync(join(root, 'secret.md'), 'secret text\n')
    symlinkSync('../../secret.md', join(dir, 'agents/demo/out.md'))
    symlinkSync('/etc', join(dir, 'skills/etc'))
    symlinkSync('.', join(dir, 'skills/loop'))
    symlinkSync('b', join(dir, 'skills/a'))
    symlinkSync('a', join(dir, 'skills/b'))
    symlinkSync('nowhere', join(dir, 'shared'))
    const { release, diagnostics } = build(await gather(dir))
    expect(told(diagnostics)).toEqual(
      ['agents/demo/out.md', 'shared', 'skills/a', 'skills/b', 'skills/etc', 'skills/loop'].map(
        (path) => `discover/link ${path}`,
      ),
    )
    const served = [...(release?.artifacts.values() ?? [])].map(({ bytes }) => Buffer.from(bytes).toString())
    expect(served.length).toBeGreaterThan(0)
    expect(served.join()).not.toMatch(/secret text|root:/)
  })

  test('a file of 100 MB, which is never read', async () => {
    const dir = content({ 'agents/demo/huge.md': '' })
    truncateSync(join(dir, 'agents/demo/huge.md'), 100 * 1024 * 1024)
    const before = process.memoryUsage().arrayBuffers
    const tree = await discover(dir)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024)
    const { release, diagnostics } = build(tree)
    expect(told(diagnostics)).toEqual(['discover/too-large agents/demo/huge.md'])
    expect(release?.index.skills.map(({ id }) => id)).toEqual(['plain'])
  })

  test('a pipe and a socket-like file, at which nobody waits', async () => {
    const dir = content()
    execFileSync('mkfifo', [join(dir, 'agents/demo/pipe.md')])
    expect(told(build(await gather(dir)).diagnostics)).toEqual(['discover/special-file agents/demo/pipe.md'])
  })

  test('a submodule and a link, read from a commit', async () => {
    const dir = content()
    symlinkSync('../../../secret.md', join(dir, 'agents/demo/out.md'))
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root })
        .toString()
        .trim()
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'content')
    const commit = git('rev-parse', 'HEAD')
    git('update-index', '--add', '--cacheinfo', `160000,${commit},content/skills/module`)
    git('commit', '-qm', 'a submodule')
    const { repository } = await openRepository(dir, process.env)
    const tree = await repository!.tree(git('rev-parse', 'HEAD'))
    repository!.close()
    expect(told(build(tree).diagnostics)).toEqual([
      'discover/link agents/demo/out.md',
      'discover/submodule skills/module',
    ])
  })
})

test('a reader without rights is told which files and folders it cannot read', () => {
  if (process.getuid?.() !== 0) return
  const dir = content({ 'skills/closed/SKILL.md': '---\n---\n' })
  chmodSync(root, 0o755)
  chmodSync(join(dir, 'agents/demo/task.md'), 0)
  chmodSync(join(dir, 'skills/closed'), 0)
  // Root reads everything, so the look is taken by somebody else, with code that is brought along.
  const script = `
    import { discover } from ${JSON.stringify(join(import.meta.dirname, '../../build/discover.ts'))}
    process.setuid(65534)
    const { diagnostics } = await discover(${JSON.stringify(dir)})
    console.log(JSON.stringify(diagnostics))`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString()
  expect(told(JSON.parse(out))).toEqual([
    'discover/unreadable agents/demo/task.md',
    'discover/unreadable skills/closed',
  ])
  chmodSync(join(dir, 'skills/closed'), 0o755)
})

test('a file of an example app that cannot be read is told', () => {
  if (process.getuid?.() !== 0) return
  const dir = content({
    'skills/g/config.yaml':
      'description: d\ntemplate: t.md\nvariants: [{id: a, display_name: A, example_paths: app}]\n',
    'skills/g/t.md': '# T\n',
  })
  mkdirSync(join(root, 'app'))
  writeFileSync(join(root, 'app/a.ts'), 'const a = 1\n')
  chmodSync(root, 0o755)
  chmodSync(join(root, 'app/a.ts'), 0)
  const script = `
    import { gather } from ${JSON.stringify(join(import.meta.dirname, '../../build/gather.ts'))}
    process.setuid(65534)
    const { diagnostics } = await gather(${JSON.stringify(dir)})
    console.log(JSON.stringify(diagnostics))`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString()
  expect(told(JSON.parse(out))).toEqual(['example/unreadable ../app/a.ts'])
})

test('a lock that cannot be written ends the command with fetch/lock-unwritable', async () => {
  const dir = content()
  mkdirSync(join(dir, 'content.lock/in-the-way'), { recursive: true })
  const digest = 'a'.repeat(64)
  const lock = new Map([['https://example.com/a.md', { digest, size: 1 }]])
  const written = writeLock(dir, treeOf({}), lock)
  await expect(written).rejects.toMatchObject({ code: 'fetch/lock-unwritable' })
})

describe('build() tells apart, or tells why not,', () => {
  test.each([
    ['skills/plain/SKILL.md', 'skills/Plain/SKILL.md'],
    ['agents/demo/task.md', 'agents/demo/TASK.md'],
    ['agents/demo/task.md', 'AGENTS/demo/task.md'],
    ['shared/straße.md', 'shared/STRAßE.md'],
  ])('%s and %s', (one, other) => {
    const text = { 'skills/plain/SKILL.md': SOUND['skills/plain/SKILL.md'], 'agents/demo/task.md': TASK }
    const body = (path: string) => (text as Files)[path] ?? 'Text\n'
    const { diagnostics } = build(treeOf({ ...SOUND, [one]: body(one), [other]: body(one) }))
    expect(diagnostics.map(({ code }) => code)).toContain('discover/name-collision')
  })

  test('names in two normal forms', () => {
    const { diagnostics } = build(treeOf({ ...SOUND, 'shared/\u00e9.md': 'A\n', 'shared/e\u0301.md': 'B\n' }))
    expect(told(diagnostics)).toEqual(['discover/name shared/e\u0301.md'])
  })

  test.each([
    ...[
      'con.md',
      'NUL',
      'com1.txt',
      'aux',
      'a:b.md',
      'a\\b.md',
      'a?.md',
      'a*.md',
      'a|b.md',
      'a"b.md',
      '<a>.md',
    ],
    ...[
      'a .md ',
      ' a.md',
      'a.',
      'a\u202eb.md',
      'a\u200bb.md',
      'a\nb.md',
      'a\tb.md',
      'a\0b.md',
      'a\ufffdb.md',
    ],
    ...['x'.repeat(256)],
  ])('the name %j', (name) => {
    const { diagnostics, release } = build(treeOf({ ...SOUND, [`shared/${name}`]: 'Text\n' }))
    expect(told(diagnostics)).toEqual([`discover/name shared/${name}`])
    expect(release).toBeDefined()
  })
})

test('a file that no skill serves is a warning, and a yaml of more than a megabyte an error', () => {
  const { diagnostics } = build(
    treeOf({
      ...SOUND,
      'agents/demo/task.md': TASK.replace('---\nDo', 'skills: [plain]\n---\nDo'),
      'skills/plain/notes.txt': 'Notes\n',
      'commandments.yaml': `all: [be kind]\n${'# a note\n'.repeat(120_000)}`,
    }),
  )
  expect(diagnostics.map(({ path, severity, code }) => [path, severity, code])).toEqual([
    ['commandments.yaml', 'error', 'parse/yaml-size'],
    ['skills/plain/notes.txt', 'warning', 'validate/not-served'],
  ])
})

/** Files of the largest tree: all of them with MILL_SLOW=1, which takes half a minute. */
const MANY = process.env.MILL_SLOW === undefined ? 10_000 : 100_000

test(`${MANY} files are read and built`, { timeout: 300_000 }, async () => {
  const dir = join(root, 'many')
  mkdirSync(join(dir, 'agents/demo'), { recursive: true })
  writeFileSync(join(dir, 'agents/demo/seed.md'), SEED)
  for (let folder = 0; folder < MANY / 1_000; folder++) {
    mkdirSync(join(dir, `shared/notes-${folder}`), { recursive: true })
    for (let at = 0; at < 1_000; at++) writeFileSync(join(dir, `shared/notes-${folder}/${at}.md`), '')
  }
  const started = performance.now()
  const { release, diagnostics } = build(await gather(dir))
  console.log(`${MANY} files: ${Math.round(performance.now() - started)} ms`)
  expect(told(diagnostics)).toEqual([])
  expect(release?.index.agents).toHaveLength(1)
})
