import { expect, test } from 'vitest'
import { didYouMean } from '../../../client/bootstrap/did-you-mean.ts'

test('didYouMean() names the nearest known word, and nothing when none is near', () => {
  const known = ['integrate-posthog', 'walking-skeleton']
  expect(didYouMean('walking-skelton', known)).toBe('; did you mean "walking-skeleton"?')
  expect(didYouMean('integrate-posthok', known)).toContain('"integrate-posthog"')
  expect(didYouMean('audit', known)).toBe('')
  expect(didYouMean('x'.repeat(100_000), known)).toBe('')
  expect(didYouMean('x', [])).toBe('')
})
