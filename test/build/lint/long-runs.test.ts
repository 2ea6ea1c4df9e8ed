import { expect, test } from 'vitest'
import { hasLongRun, longRuns } from '../../../build/lint/long-runs.ts'
import { fc } from '../../properties.ts'

const texts = fc.array(
  fc.constantFrom('a', 'Z', '0', '_', '+', '/', '-', ' ', '.', '\n', 'é', '👍', 'abcdefg'),
  {
    maxLength: 60,
  },
)

test('longRuns() finds what a pattern finds', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 20 }), (parts, shortest) => {
      const text = parts.join('')
      const expected = [...text.matchAll(new RegExp(`[A-Za-z0-9_+/-]{${shortest},}`, 'g'))]
      expect([...longRuns(text, shortest)]).toEqual(
        expected.map((match) => ({ offset: match.index, length: match[0].length })),
      )
      expect(hasLongRun(text, shortest)).toBe(expected.length > 0)
    }),
    { numRuns: 1_000 },
  )
})
