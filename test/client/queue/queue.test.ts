import { describe, expect, test } from 'vitest'
import {
  apply,
  blockedBy,
  dependenciesOf,
  emptyQueue,
  IllegalTransitionError,
  runnable,
  settled,
  taskOf,
} from '../../../client/queue/queue.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { crash, done, ended, enqueued, failed, handoff, reported, started } from '../scripted.ts'

const queueOf = (...events: readonly RunEvent[]) => events.reduce(apply, emptyQueue)
const ready = (...events: readonly RunEvent[]) => [...runnable(queueOf(...events))]
const add = (id: number, dependsOn: number): RunEvent => ({
  e: 'dependency-added',
  at: 0,
  id: `t${id}`,
  dependsOn: `t${dependsOn}`,
})
const diamond = [enqueued(1), enqueued(2, [1]), enqueued(3, [1]), enqueued(4, [2, 3])]

describe('runnable()', () => {
  test('gives what waits for nothing, in the order it was queued', () => {
    expect(ready(...diamond)).toEqual(['t1'])
    expect(ready(...diamond, ...done(1))).toEqual(['t2', 't3'])
    expect(ready(...diamond, ...done(1), ...done(3))).toEqual(['t2'])
    expect(ready(...diamond, ...done(1), ...done(3), ...done(2))).toEqual(['t4'])
  })
  test('releases dependents when the agent has ended, not when it reports', () => {
    expect(ready(...diamond, started(1), reported(1))).toEqual([])
    expect(ready(...diamond, started(1), reported(1), ended(1))).toEqual(['t2', 't3'])
  })
  test('takes not-needed, and failed when it was optional, for met', () => {
    const skip = [started(1), reported(1, 'not-needed'), ended(1)]
    expect(ready(enqueued(1), enqueued(2, [1]), ...skip)).toEqual(['t2'])
    expect(ready(enqueued(1, [], { optional: true }), enqueued(2, [1]), ...failed(1))).toEqual(['t2'])
    expect(ready(enqueued(1), enqueued(2, [1]), ...failed(1))).toEqual([])
  })
  test('counts a dependency that was met before it was named', () => {
    expect(ready(enqueued(1), ...done(1), enqueued(2, [1]))).toEqual(['t2'])
  })
  test('gives a task back after a retry', () => {
    const retried = [started(1), ended(1, { failure: crash, retry: true })]
    expect(ready(enqueued(1), ...retried)).toEqual(['t1'])
    expect(taskOf(queueOf(enqueued(1), ...retried), 't1')).toMatchObject({
      failures: 1,
      state: { status: 'pending', attempts: 1, lastFailure: crash },
    })
  })
})

describe('blockedBy()', () => {
  test('names the task that failed, for everything behind it', () => {
    const queue = queueOf(...diamond, ...failed(1))
    expect(['t2', 't3', 't4'].map((id) => blockedBy(queue, id))).toEqual(['t1', 't1', 't1'])
    expect(blockedBy(queue, 't1')).toBeNull()
    expect(queue.counts).toMatchObject({ failed: 1, blocked: 3, pending: 0 })
    expect(settled(queue)).toBe(true)
  })
  test('holds for what is queued, or put in front, later', () => {
    const late = queueOf(
      enqueued(1),
      ...failed(1),
      enqueued(2, [1]),
      enqueued(3, [2]),
      enqueued(4),
      add(4, 3),
    )
    expect(['t2', 't3', 't4'].map((id) => blockedBy(late, id))).toEqual(['t1', 't1', 't1'])
  })
  test('follows a cancelled task too', () => {
    const cancel: RunEvent = { e: 'task-cancelled', at: 0, id: 't1', reason: 'no plan' }
    expect(blockedBy(queueOf(enqueued(1), enqueued(2, [1]), cancel), 't2')).toBe('t1')
  })
})

describe('apply()', () => {
  test('leaves the queue it was given as it was', () => {
    const before = queueOf(...diamond)
    const snapshot = JSON.stringify(before)
    apply(before, started(1))
    apply(before, enqueued(5, [4]))
    expect(JSON.stringify(before)).toBe(snapshot)
    expect([...runnable(apply(before, enqueued(5)))]).toEqual(['t1', 't5'])
    expect([...runnable(before)]).toEqual(['t1'])
  })
  test('puts a dependency in front of a pending task', () => {
    const queue = queueOf(enqueued(1), enqueued(2), add(1, 2))
    expect([...runnable(queue)]).toEqual(['t2'])
    expect(dependenciesOf(queue, 't1')).toEqual(['t2'])
    expect([...runnable(done(2).reduce(apply, queue))]).toEqual(['t1'])
  })
  test('keeps the handoff of a failure, for the retry and for good', () => {
    const failure = { kind: 'self-reported', message: 'no room' } as const
    const first = [enqueued(1), started(1), reported(1, 'failed'), ended(1, { failure, retry: true })]
    expect(taskOf(queueOf(...first), 't1')?.state).toMatchObject({ lastHandoff: handoff() })
    const second = [started(1, 2), reported(1, 'failed', 2), ended(1, { attempt: 2, failure })]
    expect(taskOf(queueOf(...first, ...second), 't1')?.state).toMatchObject({
      status: 'failed',
      handoff: handoff(),
    })
  })
  test('does not count an interrupted attempt as failed', () => {
    const cut = ended(1, { failure: { kind: 'cancelled', message: 'gone' }, retry: true })
    const again = [started(1, 2), ended(1, { attempt: 2, failure: crash, retry: true })]
    expect(taskOf(queueOf(enqueued(1), started(1), cut, ...again), 't1')).toMatchObject({ failures: 1 })
  })
})

const seed = (e: 'seed-started' | 'seed-ended'): RunEvent =>
  e === 'seed-started' ? { e, at: 0, model: 'm' } : { e, at: 0, failure: null, turns: 0, usage: [] }
const finished = (verdict: 'succeeded' | 'cancelled'): RunEvent => ({
  e: 'run-finished',
  at: 9,
  verdict,
  reasons: [],
})
const resumed: RunEvent = { e: 'run-resumed', at: 9 }

test.each<[string, RunEvent[], RunEvent, string]>([
  ['an id out of order', [], enqueued(2), 'Cannot queue "t2": the next id is "t1"'],
  ['a dependency on what is not queued', [], enqueued(1, [7]), 'Cannot depend on "t7": it is not queued'],
  ['a dependency on itself', [], enqueued(1, [1]), 'Cannot depend on "t1": it is not queued'],
  [
    'a dependency named twice',
    [enqueued(1)],
    enqueued(2, [1, 1]),
    'Cannot queue "t2": it names a dependency twice',
  ],
  ['a start of what waits', diamond, started(2), 'Cannot start "t2": it waits for 1 tasks'],
  [
    'a start of what is blocked',
    [...diamond, ...failed(1)],
    started(2),
    'Cannot start "t2": it is blocked by "t1"',
  ],
  ['a start of what runs', [enqueued(1), started(1)], started(1), 'Cannot start "t1": it is running'],
  ['a start of what is done', [enqueued(1), ...done(1)], started(1, 2), 'Cannot start "t1": it is done'],
  [
    'an attempt out of order',
    [enqueued(1)],
    started(1, 2),
    'Cannot start "t1": attempt 2 does not follow attempt 0',
  ],
  [
    'a report on what does not run',
    [enqueued(1)],
    reported(1),
    'Cannot report on "t1": it is pending, not running',
  ],
  ['a second report', [enqueued(1), started(1), reported(1)], reported(1), 'attempt 1 has reported already'],
  [
    'a report from an earlier attempt',
    [enqueued(1), started(1), ended(1, { failure: crash, retry: true }), started(1, 2)],
    reported(1),
    'Cannot report on "t1": attempt 1 is over, attempt 2 is running',
  ],
  ['a second end', [enqueued(1), ...done(1)], ended(1), 'Cannot end "t1": it is done, not running'],
  [
    'success without a report',
    [enqueued(1), started(1)],
    ended(1),
    'attempt 1 has not reported, so its end needs',
  ],
  [
    'success after a report of failure',
    [enqueued(1), started(1), reported(1, 'failed')],
    ended(1),
    'attempt 1 reported "failed", so its end needs a failure',
  ],
  [
    'failure after a report of success',
    [enqueued(1), started(1), reported(1)],
    ended(1, { failure: crash }),
    'Cannot fail "t1": attempt 1 has reported "done"',
  ],
  [
    'a retry of success',
    [enqueued(1), started(1), reported(1)],
    ended(1, { retry: true }),
    'Cannot retry "t1"',
  ],
  [
    'one retry too many',
    [enqueued(1, [], { maxAttempts: 1 }), started(1)],
    ended(1, { failure: crash, retry: true }),
    'Cannot retry "t1": 1 of 1 attempts have failed',
  ],
  ['a dependency in front of what runs', [enqueued(1), started(1), enqueued(2)], add(1, 2), 'it is running'],
  ['a cycle', diamond, add(1, 4), 'Cannot add a dependency to "t1": "t4" waits for it'],
  ['a task in front of itself', diamond, add(4, 4), 'Cannot add a dependency to "t4": "t4" waits for it'],
  [
    'a cancellation of what runs',
    [enqueued(1), started(1)],
    { e: 'task-cancelled', at: 0, id: 't1', reason: 'x' },
    'Cannot cancel "t1": it is running',
  ],
  ['two planners', [seed('seed-started')], seed('seed-started'), 'Cannot start "seed": planning is running'],
  ['an end of no planner', [], seed('seed-ended'), 'Cannot end "seed": it is not running'],
  ['a finish while a task runs', [enqueued(1), started(1)], finished('succeeded'), '1 tasks are running'],
  ['anything after the finish', [finished('cancelled')], enqueued(1), 'the run is finished'],
  ['a resumption of what succeeded', [finished('succeeded')], resumed, 'it has succeeded'],
])('apply() refuses %s', (...row) => {
  const [, events, event, message] = row
  const queue = queueOf(...events)
  expect(() => apply(queue, event)).toThrow(IllegalTransitionError)
  expect(() => apply(queue, event)).toThrow(message)
})

test('apply() lets a cancelled run go on, and asks a planner again that had not ended', () => {
  const queue = queueOf(seed('seed-started'), finished('cancelled'), resumed)
  expect(queue).toMatchObject({ finished: null, planning: 'none' })
  expect(queueOf(seed('seed-started'), seed('seed-ended'), finished('cancelled'), resumed).planning).toBe(
    'ended',
  )
})
