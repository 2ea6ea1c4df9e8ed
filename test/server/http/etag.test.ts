import { expect, test } from 'vitest'
import { etagOf, noneMatch } from '../../../server/http/etag.ts'

const etag = etagOf('ab', 'br')

test('etagOf() tells the codings of one digest apart', () => {
  expect([etagOf('ab', 'identity'), etagOf('ab', 'gzip'), etag]).toEqual(['"ab"', '"ab-gz"', '"ab-br"'])
})

test.each([
  [undefined, false],
  ['"ab"', false],
  ['"ab-br"', true],
  ['W/"ab-br"', true],
  ['"x", "ab-br"', true],
  ['*', true],
  ['ab-br', false],
  ['', false],
])('noneMatch(%j) is %s', (header, expected) => {
  expect(noneMatch(header, etag)).toBe(expected)
})
