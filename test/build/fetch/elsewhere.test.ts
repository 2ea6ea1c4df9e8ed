import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderReader } from '../../../build/fetch/folder-reader.ts'
import { codes, fetching, lockOf } from './fetching.ts'
import { text } from './source.ts'

const { scratch, source, fetchAll } = fetching()

test('fetchDocuments() reads local documents beside their config, from the content root, and from beside the root', async () => {
  const root = join(scratch(), 'content')
  await mkdir(join(scratch(), 'docs'), { recursive: true })
  await mkdir(root)
  await writeFile(join(scratch(), 'docs/out.md'), '# Out')
  await writeFile(join(scratch(), 'docs/big.md'), 'x'.repeat(1001))
  await writeFile(join(scratch(), 'secret.md'), '# Secret')
  await symlink('/etc/hostname', join(scratch(), 'docs/link.md'))
  const inside = new Map([
    ['skills/greeting/near.md', Buffer.from('# Near')],
    ['docs/far.md', Buffer.from('# Far')],
  ])
  const local = { root, inside: (path: string) => inside.get(path), beside: folderReader(scratch(), 1000) }
  const urls = [
    'near.md',
    './near.md',
    'file:near.md',
    'docs/far.md',
    '../../docs/far.md',
    '../../../docs/out.md',
    `file://${scratch()}/docs/out.md`,
  ]
  const { byUrl, lock, diagnostics } = await fetchAll(urls, { local })
  expect(diagnostics).toEqual([])
  expect([...byUrl.values()].map((document) => document.title)).toEqual(['Near', 'Far', 'Far', 'Out', 'Out'])
  expect(lock.size).toBe(0)
  const bad = await fetchAll(['../../../docs/link.md', '../../../docs/big.md', '../../../docs'], { local })
  expect(codes(bad)).toEqual(['error fetch/outside', 'error fetch/too-large', 'error fetch/missing'])
})

test('fetchDocuments() answers every remote document from a folder, without lock or network', async () => {
  const folder = join(scratch(), 'docs')
  await mkdir(join(folder, 'example.com/guide/sub'), { recursive: true })
  const files = {
    'a.md': '# A',
    'guide/b.md': '# B',
    'guide/index.md': '# Guide',
    'c@v=2&x=_.md': '# C2',
    'c.md': '# C',
    'two words.md': '# Two',
  }
  for (const [name, body] of Object.entries(files)) await writeFile(join(folder, 'example.com', name), body)
  await symlink('/etc/hostname', join(folder, 'example.com/out.md'))
  const fetch = () => Promise.reject(new Error('the network was used'))
  const lock = lockOf('https://example.com/a.md', 'something else')
  const paths = ['a.md', 'guide/b', 'guide/', 'guide', 'c?v=2&x=/', 'c?v=3', 'two%20words.md']
  const documents = await fetchAll(
    paths.map((path) => `https://example.com/${path}`),
    { docsFrom: folder, fetch, lock },
  )
  expect([...documents.byUrl.values()].map(({ title }) => title)).toEqual([
    'A',
    'B',
    'Guide',
    'Guide',
    'C2',
    'C',
    'Two',
  ])
  expect(documents.diagnostics).toEqual([])
  expect(documents.lock).toBe(lock)
  expect(documents.notes).toEqual([
    `Documents come from "${folder}": a preview, content.lock is neither checked nor written`,
  ])
  const bad = await fetchAll(
    [
      'https://example.com/none',
      'https://other.org/a.md',
      'https://example.com/out',
      'https://example.com/..%2f..%2fcache',
    ],
    { docsFrom: folder, fetch },
  )
  expect(codes(bad)).toEqual([
    'error fetch/missing',
    'error fetch/missing',
    'error fetch/outside',
    'error fetch/missing',
  ])
})

test('fetchDocuments() answers every remote document from another origin', async () => {
  const { origin, asked } = await source({ '/pre/docs/a.md?x=1': text('# Preview') })
  const lock = lockOf('https://example.com/docs/a.md?x=1', 'published')
  const documents = await fetchAll(['https://example.com/docs/a.md?x=1'], {
    docsFrom: `${origin}/pre/`,
    lock,
  })
  expect(documents.byUrl.get('https://example.com/docs/a.md?x=1')?.title).toBe('Preview')
  expect(documents.lock).toBe(lock)
  expect(asked).toEqual(['/pre/docs/a.md?x=1'])
})

test.each(['nowhere', 'ftp://example.com', 'http://', 'http://me:secret@localhost'])(
  'fetchDocuments() throws when --docs-from is %s',
  async (docsFrom) => {
    await expect(fetchAll([], { docsFrom })).rejects.toMatchObject({ code: 'fetch/docs-from', exit: 2 })
  },
)
