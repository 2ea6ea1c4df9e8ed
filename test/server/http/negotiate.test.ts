import { expect, test } from 'vitest'
import { chooseEncoding, ENCODINGS } from '../../../server/http/negotiate.ts'
import { fc } from '../../properties.ts'

const both = ['br', 'gzip'] as const

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1, br;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['identity, gzip;q=0.5', 'identity'],
  ['identity;q=0, gzip;q=0.1', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br;q=2', 'identity'],
  ['br;q=nonsense', 'identity'],
  ['deflate', 'identity'],
  ['identity;q=0', 'identity'],
])('chooseEncoding(%j) is %s', (header, encoding) => {
  expect(chooseEncoding(header, both)).toBe(encoding)
})

test('chooseEncoding() never names a coding that is not there or that the client refuses', () => {
  const part = fc.record({
    coding: fc.constantFrom('br', 'gzip', 'identity', '*', 'deflate'),
    q: fc.integer({ min: 0, max: 10 }),
  })
  fc.assert(
    fc.property(fc.array(part), fc.subarray([...both]), (parts, available) => {
      const header = parts.map(({ coding, q }) => `${coding};q=${q / 10}`).join(', ')
      const chosen = chooseEncoding(header, available)
      expect(ENCODINGS).toContain(chosen)
      if (chosen === 'identity') return
      expect(available).toContain(chosen)
      const last =
        parts.findLast(({ coding }) => coding === chosen) ?? parts.findLast(({ coding }) => coding === '*')
      expect(last?.q).toBeGreaterThan(0)
    }),
  )
})
