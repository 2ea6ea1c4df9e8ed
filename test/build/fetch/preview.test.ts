import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { previewPaths, substitute } from '../../../build/fetch/preview.ts'
import { fc } from '../../properties.ts'

test.each([
  [
    'https://a.com/docs/x',
    ['a.com/docs/x', 'a.com/docs/x.md', 'a.com/docs/x/index.md', 'a.com/docs/x/index'],
  ],
  ['https://a.com/docs/', ['a.com/docs/index.md', 'a.com/docs/index']],
  ['http://a.com:81', ['a.com:81/index.md', 'a.com:81/index']],
  ['https://a.com/?a=/../b', ['a.com@a=_.._b', 'a.com@a=_.._b.md', 'a.com/index.md', 'a.com/index']],
])('previewPaths(%s)', (url, paths) => {
  expect(previewPaths(new URL(url))).toEqual(paths)
})

test('previewPaths() never leave the folder', () => {
  const piece = fc.constantFrom('..', '.', '%2e%2e', '%2F', '%5c', '%00', 'a', '/', '?', '//', '\\', '%')
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      for (const path of previewPaths(new URL(`https://a.com/${pieces.join('')}`))) {
        expect(posix.join('/root', path)).toMatch(/^\/root\/a\.com/)
        expect(path).not.toMatch(/[\0\\]/)
        expect(path.split('/')).not.toContain('..')
      }
    }),
    { numRuns: 1000 },
  )
})

test('substitute() keeps path and query, and cannot be led to another host', () => {
  const origin = new URL('http://localhost:3000/pre/')
  expect(substitute(new URL('https://a.com/docs/x?v=1'), origin).href).toBe(
    'http://localhost:3000/pre/docs/x?v=1',
  )
  expect(substitute(new URL('https://a.com//evil.com/x'), new URL('http://localhost:3000')).host).toBe(
    'localhost:3000',
  )
})
