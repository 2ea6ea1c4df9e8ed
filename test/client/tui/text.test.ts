import { expect, test } from 'vitest'
import { painter, wantsColour } from '../../../client/tui/colour.ts'
import { cut, displayWidth, duration, plainText, shortModel, toColumns } from '../../../client/tui/text.ts'
import { fc } from '../../properties.ts'

test.each([
  ['abc', 3],
  ['日本', 4],
  ['한글', 4],
  ['ｆｕ', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['👨‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['✓ …', 3],
])('displayWidth() counts %s as %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns)
})

test('cut() and toColumns() never break a character, and never exceed the columns', () => {
  expect(cut('日本語', 4)).toBe('日…')
  expect(toColumns('日本語', 4)).toBe('日… ')
  expect(cut('abc', 0)).toBe('')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(40), (raw, columns) => {
      const text = plainText(raw)
      expect(displayWidth(cut(text, columns))).toBeLessThanOrEqual(columns)
      expect(displayWidth(toColumns(text, columns))).toBe(columns)
    }),
  )
})

test('plainText() takes away what could paint over a screen', () => {
  expect(plainText('\u001B[31mred\u001B[0m')).toBe('red')
  expect(plainText('\u001B]0;owned\u0007title')).toBe('title')
  expect(plainText('a\r\n\tb\u009B2Jc')).not.toMatch(/\p{Cc}/u)
  expect(plainText('a\u202Eb\u2066c\u200Bd')).toBe('a b c d')
})

test('duration() is short at every size', () => {
  expect([0, 49, 999, 59_999, 60_000, 3_599_000, 3_720_000, -5].map(duration)).toEqual([
    '0.0s',
    '0.0s',
    '0.9s',
    '59.9s',
    '1m00s',
    '59m59s',
    '1h02m',
    '0.0s',
  ])
})

test('shortModel() leaves what tells models apart', () => {
  expect(shortModel('claude-haiku-4-5-20251001')).toBe('haiku-4-5')
  expect(shortModel('openai/gpt-5.6-luna')).toBe('gpt-5.6-luna')
})

test('wantsColour() obeys NO_COLOR first', () => {
  expect(wantsColour({}, true)).toBe(true)
  expect(wantsColour({}, false)).toBe(false)
  expect(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
  expect(wantsColour({ NO_COLOR: '' }, true)).toBe(true)
  expect(wantsColour({ FORCE_COLOR: '1' }, false)).toBe(true)
  expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false)
  expect(painter(false)('x', 'red')).toBe('x')
})
