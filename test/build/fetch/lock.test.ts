import { expect, test } from 'vitest'
import { formatLock, parseLock } from '../../../build/fetch/lock.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { fc } from '../../properties.ts'

const entries = fc.uniqueArray(
  fc.tuple(fc.webUrl({ withQueryParameters: true }), fc.integer({ min: 1, max: 1e7 })),
  {
    selector: ([url]) => url,
  },
)

test('parseLock() reads what formatLock() writes, whatever the order of entries', () => {
  fc.assert(
    fc.property(entries, (pairs) => {
      const locked = pairs.map(([url, size]) => [url, { digest: digestOf(url), size }] as const)
      const text = formatLock(new Map(locked))
      expect(formatLock(new Map([...locked].reverse()))).toBe(text)
      const read = parseLock(text)
      expect(read.diagnostics).toEqual([])
      expect(new Map(read.lock)).toEqual(new Map(locked))
      expect(Object.keys(JSON.parse(text).documents)).toEqual(pairs.map(([url]) => url).sort())
    }),
  )
})

test('formatLock() gives one line to each document', () => {
  const digest = digestOf('x')
  expect(formatLock(new Map([['https://b.com/', { digest, size: 1 }]]))).toBe(
    `{\n  "version": 1,\n  "documents": {\n    "https://b.com/": {"digest":"${digest}","size":1}\n  }\n}\n`,
  )
  expect(formatLock(new Map())).toBe('{\n  "version": 1,\n  "documents": {}\n}\n')
})

test.each([
  '',
  '<<<<<<< HEAD',
  '[]',
  '{"version":2,"documents":{}}',
  '{"version":1,"documents":{"ftp://a.com/x":{"digest":"00","size":1}}}',
  `{"version":1,"documents":{"https://a.com/x":{"digest":"${'0'.repeat(63)}","size":1}}}`,
  `{"version":1,"documents":{"https://a.com/x":{"digest":"${'0'.repeat(64)}","size":1,"more":1}}}`,
])('parseLock() refuses %j', (text) => {
  const { lock, diagnostics } = parseLock(text)
  expect(lock.size).toBe(0)
  expect(diagnostics).toMatchObject([
    { path: 'content.lock', line: 1, column: 1, code: 'fetch/lock', severity: 'error' },
  ])
})
