import { expect, test } from 'vitest'
import { isPlaceholder } from '../../../build/lint/placeholder.ts'

test.each([
  ['0123456789abcdefghijABCDEFGHIJ012345'],
  ['abcdef123456abcdef123456'],
  ['A1B2C3D4E5F6G7H8I9J0'],
  ['your-token-goes-here-1234'],
  ['xxxxxxxxxxxxxxxxxxxxxxxx'],
])('isPlaceholder() knows %s', (text) => {
  expect(isPlaceholder(text)).toBe(true)
})

test.each([
  ['Qz7f123456LmXw0Rk9TbVu3eHsJd5nCy8PaG'],
  ['kR8vTabcdefQ2mZx7WpL0nYs5JdHc9uGb3Fe'],
  ['abcdefghQ2mZx7WpL0nYs5JdHc9uGb3FekR8'],
])('isPlaceholder() takes a few letters in a row in %s for chance', (text) => {
  expect(isPlaceholder(text)).toBe(false)
})
