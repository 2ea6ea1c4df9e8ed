import { expect, test } from 'vitest'
import { openBriefMemo } from '../../build/brief-memo.ts'
import type { Report } from '../../build/finding.ts'
import type { Memo } from '../../build/memo.ts'

test('openBriefMemo() makes what has the same arguments once, texts by value and the rest by identity', () => {
  const memo = openBriefMemo()
  const join = (...parts: readonly unknown[]) => [...parts]
  const whole = (inner: Memo, first: string) => inner.of(join, first)
  const object = {}
  expect(memo.of(join, 'a', object)).toBe(memo.of(join, 'ab'.slice(0, 1), object))
  expect(memo.of(join, 'a', object)).not.toBe(memo.of(join, 'a', {}))
  expect(memo.of(join, 'a', object)).not.toBe(memo.of(join, 'a'))
  expect(memo.of(join)).toBe(memo.of(join))
  expect(memo.whole(whole, 'a')).toBe(memo.of(join, 'a'))
  expect(memo.of((text: string) => [text], 'a')).not.toBe(memo.of(join, 'a'))
})

test('openBriefMemo() makes a step that another step asks for in the same place', () => {
  const memo = openBriefMemo()
  const countdown = (inner: Memo, text: string, left: number): string =>
    left === 0 ? text : `${left} ${inner.whole(countdown, text, left - 1)}`
  expect(memo.whole(countdown, 'go', 3)).toBe('3 2 1 go')
  expect(memo.whole(countdown, 'go', 2)).toBe('2 1 go')
})

test('openBriefMemo() lets findings be told as they are made', () => {
  const memo = openBriefMemo()
  const told: string[] = []
  const report: Report = ({ message }) => void told.push(message)
  const tell = (message: string, own: Report) =>
    own({ code: 'parse/utf8', severity: 'error', path: 'a.md', line: 1, column: 1, message })
  memo.told(tell, 'first', report)
  memo.asked(
    (subject: string, world: { ask: (about: string) => string }, own) => tell(world.ask(subject), own),
    'second',
    {
      world: { ask: (about) => `${about} asked` },
      report,
    },
  )
  expect(told).toEqual(['first', 'second asked'])
})

test('openBriefMemo() forgets what a stage alone has asked for with the stage', () => {
  const memo = openBriefMemo()
  const passing = memo.passing()
  const list = (text: string) => [text]
  expect(passing.of(list, 'a')).toBe(passing.of(list, 'a'))
  expect(memo.of(list, 'a')).not.toBe(passing.of(list, 'a'))
})
