import { describe, expect, test } from 'vitest'
import { enqueue, type Request } from '../../../client/queue/enqueue.ts'
import type { FlowRules } from '../../../client/queue/guards.ts'
import { apply, emptyQueue, type Queue } from '../../../client/queue/queue.ts'
import type { GuardName, RunEvent } from '../../../schemas/run-event.ts'
import { done, enqueued, failed, rules, started } from '../scripted.ts'

const queueOf = (...events: readonly RunEvent[]): Queue => events.reduce(apply, emptyQueue)
const wish = (more: Partial<Request> = {}): Request => ({
  type: 'work',
  label: 'Work',
  dependsOn: [],
  inputs: {},
  enqueuedBy: 'seed',
  depth: 0,
  optional: false,
  ...more,
})
const report = (...dependsOn: string[]): Request => wish({ type: 'report', dependsOn })
const sinkAt = (number: number, dependsOn: readonly number[]): RunEvent =>
  enqueued(number, dependsOn, { type: 'report', inputs: {} })
const dynamic = { enqueuedBy: 't1', depth: 1 }

interface Case {
  readonly guard: GuardName
  readonly when: string
  readonly events: readonly RunEvent[]
  readonly wish: Request
  readonly rules?: Partial<FlowRules>
  readonly says: string
}

const cases: readonly Case[] = [
  {
    guard: 'unknown-type',
    when: 'the flow lacks the type',
    events: [],
    wish: wish({ type: 'wrok' }),
    says: 'Cannot queue "wrok": the flow has no such type. Types: work, ask, report',
  },
  {
    guard: 'queue-full',
    when: 'the queue is at its limit',
    events: [enqueued(1)],
    wish: wish(),
    rules: { maxTasks: 1 },
    says: 'the queue holds 1 tasks, and 1 is the limit',
  },
  {
    guard: 'depth',
    when: 'it is too far below the plan',
    events: [],
    wish: wish({ depth: 6 }),
    says: '6 levels below the plan, and 5 is the limit',
  },
  {
    guard: 'invalid-model',
    when: 'no prompt names the model',
    events: [],
    wish: wish({ model: 'huge' }),
    says: 'model "huge" is not among those of the flow. Models: m, strong',
  },
  {
    guard: 'unknown-dep',
    when: 'the queue is empty',
    events: [],
    wish: wish({ dependsOn: ['t1'] }),
    says: 'it depends on unknown task "t1". Nothing is queued yet',
  },
  {
    guard: 'unknown-dep',
    when: 'the queue is not empty',
    events: [enqueued(1), enqueued(2)],
    wish: wish({ dependsOn: ['t2', 't9'] }),
    says: 'it depends on unknown task "t9". Queued: t1 to t2',
  },
  {
    guard: 'dead-dep',
    when: 'the dependency failed',
    events: [enqueued(1), ...failed(1)],
    wish: wish({ dependsOn: ['t1'] }),
    says: 'it depends on "t1", which is failed and will never be done',
  },
  {
    guard: 'dead-dep',
    when: 'the dependency is blocked',
    events: [enqueued(1), enqueued(2, [1]), ...failed(1)],
    wish: wish({ dependsOn: ['t2'] }),
    says: 'it depends on "t2", which is blocked by "t1"',
  },
  {
    guard: 'seeded-dep',
    when: 'the dependency may wait on a person',
    events: [enqueued(1, [], { type: 'ask' })],
    wish: wish({ dependsOn: ['t1'] }),
    says: 'it depends on "t1", which may wait on a person',
  },
  {
    guard: 'sink-closure',
    when: 'the sink misses a leaf',
    events: [enqueued(1), enqueued(2), enqueued(3, [1])],
    wish: report('t3'),
    says: 'nothing leads to t2. Add them to dependsOn',
  },
  {
    guard: 'after-sink',
    when: 'the sink runs',
    events: [enqueued(1), ...done(1), sinkAt(2, [1]), started(2)],
    wish: wish(),
    says: '"t2" closes the run and is running',
  },
  {
    guard: 'after-sink',
    when: 'it would wait for the sink',
    events: [enqueued(1), sinkAt(2, [1])],
    wish: wish({ dependsOn: ['t2'] }),
    says: 'it depends on "t2", which waits for every other task',
  },
  {
    guard: 'duplicate',
    when: 'the same work is queued',
    events: [enqueued(1), enqueued(2, [1], { inputs: { a: [1], b: { c: 2, d: 3 } } })],
    wish: wish({ dependsOn: ['t1'], inputs: { b: { d: 3, c: 2 }, a: [1] } }),
    says: 'it is queued as "t2", with the same inputs and dependencies',
  },
  {
    guard: 'duplicate',
    when: 'the same work is queued, even if no more work fits',
    events: [enqueued(1), sinkAt(2, [1])],
    wish: wish({ inputs: { number: 1 } }),
    rules: { maxTasks: 2 },
    says: 'it is queued as "t1", with the same inputs and dependencies',
  },
  {
    guard: 'duplicate',
    when: 'the same work is queued, even if the sink runs',
    events: [enqueued(1), ...done(1), sinkAt(2, [1]), started(2)],
    wish: wish({ inputs: { number: 1 } }),
    says: 'it is queued as "t1", with the same inputs and dependencies',
  },
  {
    guard: 'duplicate',
    when: 'a sink is queued',
    events: [enqueued(1), sinkAt(2, [1])],
    wish: report('t1', 't2'),
    says: 'it is queued as "t2". Whatever is queued from now on is put in front of it',
  },
]

test.each(cases)(
  'enqueue() refuses by $guard when $when',
  ({ guard, events, wish: asked, rules: more, says }) => {
    const outcome = enqueue(queueOf(...events), asked, rules(more))
    expect(outcome.ok).toBe(false)
    expect(outcome.answer).toContain(says)
    expect(outcome.events).toEqual([
      { e: 'guard-tripped', guard, by: asked.enqueuedBy, message: outcome.answer },
    ])
  },
)

const allowed: readonly (readonly [string, readonly RunEvent[], Request, Partial<FlowRules>?])[] = [
  ['the same type with other inputs', [enqueued(1, [], { inputs: { a: 1 } })], wish({ inputs: { a: 2 } })],
  [
    'the same work at another place in the graph',
    [enqueued(1, [], { inputs: {} })],
    wish({ dependsOn: ['t1'] }),
  ],
  [
    'a dependency that failed and was optional',
    [enqueued(1, [], { optional: true }), ...failed(1)],
    wish({ dependsOn: ['t1'] }),
  ],
  ['a sink on what may wait on a person', [enqueued(1, [], { type: 'ask' })], report('t1')],
  ['a sink on what failed, since it has to reach everything', [enqueued(1), ...failed(1)], report('t1')],
  ['a sink when the queue is at its limit', [enqueued(1)], report('t1'), { maxTasks: 1 }],
  ['a model that a prompt names', [], wish({ model: 'strong' })],
]
test.each(allowed.map(([what, ...rest]) => ({ what, rest })))('enqueue() lets through $what', ({ rest }) => {
  const [events, asked, more] = rest
  expect(enqueue(queueOf(...events), asked, rules(more))).toMatchObject({ ok: true })
})

describe('enqueue()', () => {
  test('answers with the id, and whether it can start', () => {
    expect(enqueue(emptyQueue, wish(), rules()).answer).toBe('Queued t1 (work); it can start now')
    const queue = queueOf(enqueued(1), ...done(1), enqueued(2))
    expect(enqueue(queue, wish({ dependsOn: ['t1', 't2'] }), rules()).answer).toBe(
      'Queued t3 (work); it waits for t2',
    )
    const dead = queueOf(enqueued(1), ...failed(1))
    expect(enqueue(dead, report('t1'), rules()).answer).toBe(
      'Queued t2 (report); it is blocked, since "t1" will never be done',
    )
  })

  test('puts what comes after the sink in front of it', () => {
    const queue = queueOf(enqueued(1), sinkAt(2, [1]))
    const { events } = enqueue(queue, wish(dynamic), rules())
    expect(events.map(({ e }) => e)).toEqual(['task-enqueued', 'dependency-added'])
    expect(events[1]).toEqual({ e: 'dependency-added', id: 't2', dependsOn: 't3' })
  })

  test('puts what a runner-seeded task waits for in front of it', () => {
    const types = new Map(rules().types).set('ask', { sink: false, runnerSeeded: true, dependsOn: ['work'] })
    const queue = queueOf(enqueued(1, [], { type: 'ask' }))
    const { events } = enqueue(queue, wish(), rules({ types }))
    expect(events[1]).toEqual({ e: 'dependency-added', id: 't1', dependsOn: 't2' })
  })
})
