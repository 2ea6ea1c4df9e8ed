import { unzipSync, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { comparePaths } from '../../build/content-path.ts'
import { zip } from '../../build/zip.ts'
import { fc } from '../properties.ts'

const filesOf = (name: RegExp) =>
  fc.dictionary(
    fc.stringMatching(name),
    fc.oneof(fc.uint8Array({ maxLength: 2_000 }), fc.string({ maxLength: 400 })),
    { noNullPrototype: true },
  )
const bytesOf = (content: string | Uint8Array) => Buffer.from(content)

test('zip() holds any files as they are, in the order of their names', () => {
  fc.assert(
    fc.property(filesOf(/^[a-zäß][a-z0-9äß/👍-]{0,20}(\.md|\.zip|)$/u), (content) => {
      const unpacked = Object.entries(unzipSync(zip(Object.entries(content))))
      const expected = Object.entries(content).sort(([a], [b]) => comparePaths(a, b))
      expect(unpacked.map(([path]) => path)).toEqual(expected.map(([path]) => path))
      for (const [at, [, bytes]] of unpacked.entries())
        expect(bytesOf(bytes).equals(bytesOf(expected[at]?.[1] ?? ''))).toBe(true)
    }),
  )
})

test('zip() writes the bytes that fflate writes, of any files that are archives already', () => {
  fc.assert(
    fc.property(filesOf(/^[a-zäß][a-z0-9äß/👍-]{0,20}\.zip$/u), (content) => {
      const entries = Object.entries(content)
        .sort(([a], [b]) => comparePaths(a, b))
        .map(([path, inner]) => [path, [new Uint8Array(bytesOf(inner)), { level: 0 }]] as const)
      const expected = zipSync(Object.fromEntries(entries) as never, { mtime: new Date(1980, 0, 1) })
      expect(bytesOf(zip(Object.entries(content))).equals(expected)).toBe(true)
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
