import { expect, test } from 'vitest'
import { apply, emptyQueue, blockedBy as queueBlockedBy } from '../../../client/queue/queue.ts'
import { launch, taskList, tick, update } from '../../../client/tui/model.ts'
import { blockedBy, standings } from '../../../client/tui/standing.ts'
import { after, EVERY_STATE, end, enqueue, report, seeded, start } from './scripted-run.ts'

const standing = (events: Parameters<typeof after>[0]) =>
  standings(taskList(after(events))).map(({ task, standing, reason }) =>
    `${task.id} ${standing} ${reason}`.trim(),
  )

test('update() knows every state a task can be in', () => {
  expect(standing(EVERY_STATE)).toEqual([
    't1 done',
    't2 not-needed it is there already',
    't3 failed no report in 90 s',
    't4 blocked t3 type-t3 failed',
    't5 blocked t3 type-t3 failed',
    't6 running',
    't7 waiting',
    't8 ready the agent died',
    't9 cancelled Ctrl-C',
  ])
  expect(after(EVERY_STATE)).toMatchObject({
    latest: 't3',
    guards: 1,
    planning: { status: 'ended', ms: 2000 },
  })
})

test('update() never shows a task that failed as done', () => {
  const base = [enqueue(0, 't1'), start(0, 't1')]
  expect(
    standing([
      ...base,
      report(1, 't1', { status: 'done' }),
      end(2, 't1', { kind: 'security', message: 'no' }),
    ]),
  ).toEqual(['t1 failed no'])
  expect(standing([...base, report(1, 't1', { status: 'failed', reason: 'why' }), end(2, 't1')])).toEqual([
    't1 failed why',
  ])
  expect(standing([...base, end(2, 't1', { kind: 'api', message: '' })])).toEqual(['t1 failed api'])
})

test('update() lets a task run on until its agent has ended', () => {
  expect(standing([enqueue(0, 't1'), start(0, 't1'), report(1, 't1', { status: 'done' })])).toEqual([
    't1 running',
  ])
})

test('update() puts what ran when the process died back to pending', () => {
  const events = [...EVERY_STATE, { e: 'run-resumed', at: 10_000 } as const]
  expect(standing(events)[5]).toBe('t6 ready interrupted')
  const planning = after([
    { e: 'seed-started', at: 0, model: 'm' },
    { e: 'run-resumed', at: 1 },
  ]).planning
  expect(planning).toEqual({ status: 'waiting' })
})

test('update() keeps the planner’s failure and ignores tasks it was never told of', () => {
  expect(after([seeded(5, 'no credit')]).planning).toMatchObject({ failure: 'no credit' })
  const model = launch(0)
  expect(update(model, start(0, 't7'))).toEqual(model)
})

test('blockedBy() follows dependencies added later, and does not begin at a failed optional task', () => {
  const failed = [start(1, 't1'), end(2, 't1', { kind: 'crash', message: 'x' })]
  const late = [
    enqueue(0, 't1'),
    enqueue(0, 't2'),
    { e: 'dependency-added', at: 1, id: 't2', dependsOn: 't1' } as const,
  ]
  expect(blockedBy(taskList(after([...late, ...failed]))).has('t2')).toBe(true)
  const optional = [enqueue(0, 't1', { optional: true }), enqueue(0, 't2', { dependsOn: ['t1'] })]
  expect(blockedBy(taskList(after([...optional, ...failed]))).size).toBe(0)
  expect(standing([...optional, ...failed])[1]).toBe('t2 ready')
})

test('standings() block what the queue blocks, behind an optional task that never ran, too', () => {
  const events = [
    enqueue(0, 't1'),
    enqueue(0, 't2', { optional: true, dependsOn: ['t1'] }),
    enqueue(0, 't3', { dependsOn: ['t2'] }),
    start(1, 't1'),
    end(2, 't1', { kind: 'crash', message: 'x' }),
  ]
  expect(standing(events)).toEqual([
    't1 failed x',
    't2 blocked t1 type-t1 failed',
    't3 blocked t1 type-t1 failed',
  ])
  const queue = events.reduce(apply, emptyQueue)
  expect(['t2', 't3'].map((id) => queueBlockedBy(queue, id))).toEqual(['t1', 't1'])
})

test('blockedBy() walks a chain of 20,000 without recursion', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    enqueue(0, `t${index + 1}`, index === 0 ? {} : { dependsOn: [`t${index}`] }),
  )
  const events = [...chain, start(1, 't1'), end(2, 't1', { kind: 'crash', message: 'x' })]
  expect(blockedBy(taskList(after(events))).size).toBe(19_999)
})

test('tick() moves the clock forwards only', () => {
  expect(tick(launch(5), 9).now).toBe(9)
  expect(tick(launch(5), 3).now).toBe(5)
})
