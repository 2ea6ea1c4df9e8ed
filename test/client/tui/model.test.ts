import { expect, test } from 'vitest'
import { taskOf, tasksOf } from '../../../client/queue/queue.ts'
import { act, launch, tick, update } from '../../../client/tui/model.ts'
import { newlyBlocked } from '../../../client/tui/newly-blocked.ts'
import { standingOf } from '../../../client/tui/standing.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { after, EVERY_STATE, end, enqueue, planning, report, seeded, start } from './scripted-run.ts'

const standing = (events: Parameters<typeof after>[0]) => {
  const { queue } = after(events)
  return [...tasksOf(queue)].map(({ spec }) => {
    const { id, standing, reason } = standingOf(queue, spec.id)!
    return `${id} ${standing} ${reason}`.trim()
  })
}

test('standingOf() knows every state a task can be in', () => {
  expect(standing(EVERY_STATE)).toEqual([
    't1 done',
    't2 not-needed it is there already',
    't3 failed no report in 90 s',
    't4 blocked t3 type-t3 failed',
    't5 blocked t3 type-t3 failed',
    't6 running',
    't7 waiting',
    't8 retry the agent died',
    't9 cancelled Ctrl-C',
  ])
  expect(after(EVERY_STATE)).toMatchObject({
    ended: ['t3', 't2', 't1'],
    failed: ['t3'],
    running: ['t6'],
    guards: 1,
    planning: { status: 'ended', ms: 2000 },
  })
})

test('standingOf() never shows a task that failed as done', () => {
  const base = [enqueue(0, 't1'), start(0, 't1')]
  expect(
    standing([
      ...base,
      report(1, 't1', { status: 'failed' }),
      end(2, 't1', { kind: 'security', message: 'no' }),
    ]),
  ).toEqual(['t1 failed no'])
  expect(standing([...base, end(2, 't1', { kind: 'api', message: '' })])).toEqual(['t1 failed api'])
})

test('standingOf() lets a task run on until its agent has ended', () => {
  expect(standing([enqueue(0, 't1'), start(0, 't1'), report(1, 't1', { status: 'done' })])).toEqual([
    't1 running',
  ])
})

test('standingOf() says what a cancelled task keeps from running', () => {
  const events: RunEvent[] = [
    enqueue(0, 't1'),
    enqueue(0, 't2', { dependsOn: ['t1'] }),
    { e: 'task-cancelled', at: 1, id: 't1', reason: 'no' },
  ]
  expect(standing(events)).toEqual(['t1 cancelled no', 't2 blocked t1 type-t1 was cancelled'])
})

test('update() puts planning that was interrupted, or is tried again, back', () => {
  expect(after([planning(0), { e: 'run-resumed', at: 1 }]).planning).toEqual({
    status: 'waiting',
    lastReason: 'it was interrupted',
  })
  const again = after([planning(0), { ...seeded(1, 'too many requests'), retry: true } as RunEvent])
  expect(again.planning).toEqual({ status: 'waiting', lastReason: 'too many requests' })
  expect(after([planning(0), seeded(5, 'no credit')]).planning).toEqual({
    status: 'ended',
    ms: 5,
    failure: 'no credit',
  })
})

test('update() adds up tokens and what they cost', () => {
  const usage = [{ model: 'm', input: 1, output: 2, cacheRead: 30, cacheWrite: 400 }]
  const model = after([
    planning(0),
    { ...seeded(1), usage, usd: 0.25 } as RunEvent,
    enqueue(1, 't1'),
    start(1, 't1'),
    { ...end(2, 't1', { kind: 'api', message: 'x', retry: true }), usage, usd: 0.5 } as RunEvent,
  ])
  expect(model.tokens).toBe(866)
  expect(model.queue.spent).toEqual({ usd: 0.75, unpriced: new Set(), isCut: false })
})

test('newlyBlocked() finds what an event blocks, once, behind optional tasks and in front of the sink', () => {
  const events: RunEvent[] = [
    enqueue(0, 't1'),
    enqueue(0, 't2', { optional: true, dependsOn: ['t1'] }),
    enqueue(0, 't3', { dependsOn: ['t2', 't1'] }),
    enqueue(0, 't4'),
    start(1, 't1'),
    end(2, 't1', { kind: 'crash', message: 'x' }),
    { e: 'dependency-added', at: 3, id: 't4', dependsOn: 't3' },
  ]
  let model = launch(0)
  const told = events.map((event) => {
    const before = model.queue
    model = update(model, event)
    return newlyBlocked(event, before, model.queue)
  })
  expect(told.slice(0, 5).flat()).toEqual([])
  expect(told.slice(5)).toEqual([['t2', 't3'], ['t4']])
})

test('newlyBlocked() finds nothing when a task is tried again, or failed although it was optional', () => {
  const queued = [
    enqueue(0, 't1', { optional: true }),
    enqueue(0, 't2', { dependsOn: ['t1'] }),
    start(1, 't1'),
  ]
  for (const retry of [true, false]) {
    const event = end(2, 't1', { kind: 'crash', message: 'x', retry })
    expect(newlyBlocked(event, after(queued).queue, after([...queued, event]).queue)).toEqual([])
  }
})

test('newlyBlocked() walks a chain of 20,000 without recursion', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    enqueue(0, `t${index + 1}`, { type: 'work', dependsOn: index === 0 ? [] : [`t${index}`] }),
  )
  const before = after([...chain, start(1, 't1')])
  const event = end(2, 't1', { kind: 'crash', message: 'x' })
  expect(newlyBlocked(event, before.queue, update(before, event).queue)).toHaveLength(19_999)
})

test('update() remembers no more than a screen can show, however long the run', () => {
  const queue = Array.from({ length: 300 }, (_, index) => `t${index + 1}`)
  const model = after([
    ...queue.map((id) => enqueue(0, id, { type: 'work' })),
    ...queue.flatMap((id) => [start(1, id), end(2, id, { kind: 'crash', message: 'x' })]),
  ])
  expect([model.ended.length, model.failed.length, model.running.length]).toEqual([20, 20, 0])
  expect(model.ended[0]).toBe('t300')
})

test('act() is forgotten when the attempt is over', () => {
  const running = act(after([enqueue(0, 't1'), start(0, 't1')]), 't1', { t: 'start', tools: [], model: 'm' })
  expect(running.doing.get('t1')?.text).toBe('starts')
  expect(update(running, end(1, 't1', { kind: 'crash', message: 'x', retry: true })).doing.size).toBe(0)
  expect(taskOf(running.queue, 't1')?.state.status).toBe('running')
})

test('tick() moves the clock forwards only', () => {
  expect(tick(launch(5), 9).now).toBe(9)
  expect(tick(launch(5), 3).now).toBe(5)
})
