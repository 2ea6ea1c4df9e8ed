import fc from 'fast-check'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { comparePaths } from '../../build/content-path.ts'
import { zip } from '../../build/zip.ts'

const files = fc.dictionary(
  fc.stringMatching(/^[a-zäß][a-z0-9äß/👍-]{0,20}(\.md|\.zip|)$/u),
  fc.oneof(fc.uint8Array({ maxLength: 2_000 }), fc.string({ maxLength: 400 })),
  { noNullPrototype: true },
)

test('zip() writes the bytes that fflate writes, of any files', () => {
  fc.assert(
    fc.property(files, (content) => {
      const entries = Object.entries(content)
        .filter(([path]) => !/^\d/.test(path))
        .sort(([a], [b]) => comparePaths(a, b))
        .map(([path, inner]) => {
          const bytes = typeof inner === 'string' ? new TextEncoder().encode(inner) : inner
          return [path, [bytes, { level: path.endsWith('.zip') ? 0 : 6 }]] as const
        })
      const expected = zipSync(Object.fromEntries(entries) as never, { mtime: new Date(1980, 0, 1) })
      expect(Buffer.from(zip(Object.entries(content))).equals(expected)).toBe(true)
    }),
  )
})

test('zip() keeps the order it is given when that is a part of the format', () => {
  const archive = Buffer.from(
    zip(
      [
        ['b', 'second'],
        ['a', 'first'],
      ],
      { order: 'given' },
    ),
  )
  expect(archive.indexOf('b')).toBeLessThan(archive.lastIndexOf('a'))
})
