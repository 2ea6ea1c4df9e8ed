import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codes, fetching, lockOf } from './fetching.ts'
import { inTurn, type Reply, status, text } from './source.ts'

const { scratch, source, fetchAll } = fetching()

test('fetchDocuments() asks with the conditions of its copy, and takes 304 for an answer', async () => {
  const conditions: unknown[] = []
  const { origin } = await source({
    '/a.md': (incoming, response, count) => {
      conditions.push([incoming.headers['if-none-match'], incoming.headers['if-modified-since']])
      const validators = { etag: '"one"', 'last-modified': 'Sat, 21 Nov 2026 00:00:00 GMT' }
      if (count === 0) text('# Text', validators)(incoming, response, count)
      else status(304)(incoming, response, count)
    },
  })
  const first = await fetchAll([`${origin}/a.md`])
  const second = await fetchAll([`${origin}/a.md`], { lock: first.lock })
  expect(conditions).toEqual([
    [undefined, undefined],
    ['"one"', 'Sat, 21 Nov 2026 00:00:00 GMT'],
  ])
  expect(second).toEqual(first)
})

test('fetchDocuments() uses the last good copy, with a warning, whatever has become of the source', async () => {
  const good = text('# Good')
  const bad: Reply[] = [
    status(500),
    status(404),
    text('<html>'),
    text(''),
    status(302, { location: 'ftp://x/' }),
  ]
  const { origin } = await source(Object.fromEntries(bad.map((reply, at) => [`/${at}`, inTurn(good, reply)])))
  const urls = bad.map((_, at) => `${origin}/${at}`)
  const first = await fetchAll(urls)
  const second = await fetchAll(urls, { lock: first.lock })
  expect(codes(second)).toEqual(bad.map(() => 'warning fetch/stale'))
  expect(second.byUrl).toEqual(first.byUrl)
  expect(second.lock).toEqual(first.lock)
})

test('fetchDocuments() keeps to the locked text when the source changes, until the lock is updated', async () => {
  const { origin } = await source({ '/a.md': inTurn(text('# One'), text('# Two')) })
  const url = `${origin}/a.md`
  const { lock } = await fetchAll([url])
  for (const offline of [false, false, true]) {
    const again = await fetchAll([url], { lock, offline })
    expect(codes(again)).toEqual(offline ? [] : ['warning fetch/changed'])
    expect(again.byUrl.get(url)?.text).toBe('# One')
    expect(again.lock).toEqual(lock)
  }
  const updated = await fetchAll([url], { lock, updateLock: true })
  expect(codes(updated)).toEqual([])
  expect(updated.byUrl.get(url)?.text).toBe('# Two')
  expect(updated.lock).toEqual(lockOf(url, '# Two'))
})

test('fetchDocuments() refuses a changed text when the locked one is not in the cache, and says how to accept it', async () => {
  const { origin } = await source({ '/a.md': text('# Two') })
  const url = `${origin}/a.md`
  const documents = await fetchAll([url], { lock: lockOf(url, '# One') })
  expect(codes(documents)).toEqual(['error fetch/changed'])
  expect(documents.diagnostics[0]?.message).toContain('"mill build --update-lock"')
  expect(documents.byUrl.size).toBe(0)
  expect(documents.lock).toEqual(lockOf(url, '# One'))
})

test('fetchDocuments() never uses the network when offline', async () => {
  const { origin, asked } = await source({ '/a.md': text('# One'), '/b.md': text('# B') })
  const [a, b] = [`${origin}/a.md`, `${origin}/b.md`]
  const { lock } = await fetchAll([a])
  asked.length = 0
  const documents = await fetchAll([a, b], { lock, offline: true })
  expect(asked).toEqual([])
  expect(documents.byUrl.get(a)?.text).toBe('# One')
  expect(codes(documents)).toEqual(['error fetch/offline'])
  const otherLock = await fetchAll([a], { lock: lockOf(a, '# Other'), offline: true })
  expect(codes(otherLock)).toEqual(['error fetch/offline'])
  expect(codes(await fetchAll([a, b], { offline: true, docsFrom: `${origin}/preview` }))).toHaveLength(2)
  expect(asked).toEqual([])
})

test('fetchDocuments() keeps the entries of documents that are not referred to, until the lock is updated', async () => {
  const { origin } = await source({ '/a.md': text('# A') })
  const lock = lockOf('https://example.com/other.md', 'other')
  const kept = await fetchAll([`${origin}/a.md`], { lock })
  expect([...kept.lock.keys()].sort()).toEqual([`${origin}/a.md`, 'https://example.com/other.md'])
  const updated = await fetchAll([`${origin}/a.md`], { lock, updateLock: true })
  expect([...updated.lock.keys()]).toEqual([`${origin}/a.md`])
})

test('fetchDocuments() takes a damaged copy for a missing one', async () => {
  const { origin, asked } = await source({ '/a.md': text('# One', { etag: '"1"' }) })
  const { lock } = await fetchAll([`${origin}/a.md`])
  const bodies = join(scratch(), 'cache', 'bodies')
  for (const name of await readdir(bodies)) await writeFile(join(bodies, name), '# 0ne')
  const urls = join(scratch(), 'cache', 'urls')
  expect(codes(await fetchAll([`${origin}/a.md`], { lock, offline: true }))).toEqual(['error fetch/offline'])
  const again = await fetchAll([`${origin}/a.md`], { lock })
  expect(again.byUrl.get(`${origin}/a.md`)?.text).toBe('# One')
  for (const name of await readdir(urls)) await writeFile(join(urls, name), '{"url":')
  expect(codes(await fetchAll([`${origin}/a.md`], { lock }))).toEqual([])
  expect(asked).toHaveLength(3)
})

test('fetchDocuments() throws when the cache cannot be written to', async () => {
  const { origin } = await source({ '/a.md': text('# One') })
  await writeFile(join(scratch(), 'cache'), 'a file where a folder should be')
  await expect(fetchAll([`${origin}/a.md`])).rejects.toMatchObject({ code: 'fetch/cache' })
})
