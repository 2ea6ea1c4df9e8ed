import { expect, test } from 'vitest'
import { backoffOf, failureOf, isRetried, verdictOn } from '../../../client/execute/failure.ts'
import { handoff } from '../scripted.ts'

test('verdictOn() lets success stand, and security outweigh a report of failure', () => {
  const timeout = { kind: 'timeout', message: 'late' } as const
  const security = { kind: 'security', message: 'secrets' } as const
  const failed = { status: 'failed', handoff: handoff(), reason: 'no room' } as const
  expect(verdictOn({ status: 'done', handoff: handoff() }, timeout)).toBeNull()
  expect(verdictOn({ status: 'not-needed', handoff: handoff() }, security)).toBeNull()
  expect(verdictOn(failed, timeout)).toEqual({ kind: 'self-reported', message: 'no room' })
  expect(verdictOn(failed, security)).toBe(security)
  expect(verdictOn(undefined, timeout)).toBe(timeout)
  expect(verdictOn(undefined, null)).toMatchObject({ kind: 'no-report' })
})

test('failureOf() keeps what the harness said', () => {
  expect(failureOf({ end: 'api-error', message: '503', turns: 1, usage: [], ms: 1 }, 'm')).toEqual({
    kind: 'api',
    message: '503',
  })
})

test('isRetried() counts failures, and never retries a security stop', () => {
  const of = (kind: 'crash' | 'security' | 'cancelled', before: number) =>
    isRetried({ kind, message: '' }, before, 2)
  expect([of('crash', 0), of('crash', 1), of('security', 0), of('cancelled', 1)]).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('backoffOf() is capped', () => {
  expect(backoffOf({ kind: 'rate-limit', message: '' }, { failures: 20, random: 1 })).toBe(30_000)
  expect(backoffOf({ kind: 'crash', message: '' }, { failures: 20, random: 1 })).toBe(0)
})
