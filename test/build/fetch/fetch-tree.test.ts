import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { defaultCache } from '../../../build/fetch/default-cache.ts'
import { fetchTree, writeLock } from '../../../build/fetch/fetch-tree.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { codes, fetching } from './fetching.ts'
import { inTurn, text } from './source.ts'

const { scratch, source } = fetching()

async function content(files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(scratch(), 'content')
  for (const [path, body] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), body)
  }
  return root
}

test('fetchTree() and writeLock() make two builds of one tree agree though the source changes', async () => {
  const { origin } = await source({ '/a.md': inTurn(text('# One'), text('# Two')) })
  const root = await content({ 'skills/a/config.yaml': `shared_docs: [${origin}/a.md]` })
  const cache = join(scratch(), 'cache')
  const tree = await discover(root)
  const first = await fetchTree(tree, { root, cache })
  expect(await writeLock(root, tree, first.lock)).toBe(true)
  const locked = await discover(root)
  const second = await fetchTree(locked, { root, cache })
  expect(codes(second)).toEqual(['warning fetch/changed'])
  expect(second.byUrl).toEqual(first.byUrl)
  expect(await writeLock(root, locked, second.lock)).toBe(false)
  const updated = await fetchTree(locked, { root, cache, updateLock: true })
  expect(await writeLock(root, locked, updated.lock)).toBe(true)
  const written = JSON.parse(await readFile(join(root, 'content.lock'), 'utf8'))
  expect(written).toEqual({
    version: 1,
    documents: { [`${origin}/a.md`]: { digest: digestOf('# Two'), size: 5 } },
  })
})

test('fetchTree() tells of a lock that cannot be read, unless it is to be replaced', async () => {
  const root = await content({ 'content.lock': '<<<<<<<' })
  const tree = await discover(root)
  const options = { root, cache: join(scratch(), 'cache') }
  expect(codes(await fetchTree(tree, options))).toEqual(['error fetch/lock'])
  expect(codes(await fetchTree(tree, { ...options, updateLock: true }))).toEqual([])
})

test('fetchTree() reads local documents of the tree and beside it; a tree that is not on disk has its own reader', async () => {
  const root = await content({
    'skills/a/config.yaml': 'shared_docs: [near.md, ../../../guides/out.md]',
    'skills/a/near.md': '# Near',
    '../guides/out.md': '# Out',
  })
  const tree = await discover(root)
  const cache = join(scratch(), 'cache')
  const onDisk = await fetchTree(tree, { root, cache })
  expect([...onDisk.byUrl.values()].map(({ title }) => title)).toEqual(['Near', 'Out'])
  expect(codes(await fetchTree(tree, { cache }))).toEqual(['error fetch/missing'])
  const beside = async (path: string) => ({ status: 'found' as const, bytes: Buffer.from(`# ${path}`) })
  const inGit = await fetchTree(tree, { cache, beside })
  expect([...inGit.byUrl.values()].map(({ title }) => title)).toEqual(['Near', 'guides/out.md'])
})

test('writeLock() makes no file for a tree without remote documents', async () => {
  const root = await content({ 'skills/a/config.yaml': 'description: x' })
  expect(await writeLock(root, await discover(root), new Map())).toBe(false)
  await expect(stat(join(root, 'content.lock'))).rejects.toThrow('ENOENT')
})

test('defaultCache() is the cache folder of the user, or a folder of the project when there is no user', () => {
  expect(defaultCache({ XDG_CACHE_HOME: '/x', HOME: '/h' }, '/w')).toBe('/x/context-mill/documents')
  expect(defaultCache({ HOME: '/h' }, '/w')).toBe('/h/.cache/context-mill/documents')
  expect(defaultCache({ HOME: '' }, '/w')).toBe('/w/.mill/documents')
})
