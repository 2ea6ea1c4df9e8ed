import { expect, test } from 'vitest'
import { parseRange } from '../../../server/http/range.ts'
import { fc } from '../../properties.ts'

test.each([
  ['bytes=0-3', { first: 0, last: 3 }],
  ['bytes=4-', { first: 4, last: 9 }],
  ['bytes=-4', { first: 6, last: 9 }],
  ['bytes=-40', { first: 0, last: 9 }],
  ['bytes=8-99', { first: 8, last: 9 }],
  ['Bytes= 9-9 ', { first: 9, last: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=99999999999999-', 'unsatisfiable'],
  ['bytes=3-1', undefined],
  ['bytes=0-1,3-4', undefined],
  ['bytes=-', undefined],
  ['bytes=a-b', undefined],
  ['items=0-1', undefined],
  ['', undefined],
  [undefined, undefined],
])('parseRange(%j) of ten bytes is %j', (header, range) => {
  expect(parseRange(header, 10)).toEqual(range)
})

test('parseRange() never leaves the file', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.option(fc.nat()), (text, size, to) => {
      for (const header of [text, `bytes=${text}`, `bytes=${size}-${to ?? ''}`, `bytes=-${to ?? ''}`]) {
        const range = parseRange(header, size)
        if (range === undefined || range === 'unsatisfiable') continue
        expect(range.first).toBeGreaterThanOrEqual(0)
        expect(range.first).toBeLessThanOrEqual(range.last)
        expect(range.last).toBeLessThan(size)
      }
    }),
  )
})
