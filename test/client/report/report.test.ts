import { describe, expect, test } from 'vitest'
import { verdictOf } from '../../../client/execute/verdict.ts'
import { apply, emptyQueue } from '../../../client/queue/queue.ts'
import { reportOf } from '../../../client/report/report.ts'
import { responsivenessOf } from '../../../client/report/responsiveness.ts'
import { spendingOf } from '../../../client/report/spending.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { done, ended, enqueued, failed, flow, handoff, reported, started } from '../scripted.ts'

const usage = [{ model: 'm', input: 10, output: 5, cacheRead: 2, cacheWrite: 1 }]
const seeded: RunEvent[] = [
  { e: 'seed-started', at: 0, model: 'tiny' },
  { e: 'seed-ended', at: 500, failure: null, turns: 2, usage, usd: 0.5 },
]
const queueOf = (events: readonly RunEvent[]) => events.reduce(apply, emptyQueue)

describe('responsivenessOf()', () => {
  const session: RunEvent[] = [
    enqueued(1),
    { ...started(1), at: 300 } as RunEvent,
    { ...reported(1), at: 400 } as RunEvent,
    { ...ended(1), at: 450 } as RunEvent,
  ]
  const at = (events: readonly RunEvent[], endedAt: number) =>
    responsivenessOf(
      events.map((event) => ({ ...event, at: event.at + 1000 })),
      { launchedAt: 1000, endedAt },
    )
  test('measures from launch to exit', () => {
    expect(at(session, 1500)).toEqual({
      firstTask: 300,
      firstCompletion: 450,
      longestSilence: 300,
      total: 500,
    })
  })
  test('counts the silence before the first event and after the last', () => {
    expect(at(session, 3000).longestSilence).toBe(1550)
    expect(at(session.slice(1), 1460).longestSilence).toBe(300)
    expect(at([], 1700)).toEqual({ firstTask: null, firstCompletion: null, longestSilence: 700, total: 700 })
  })
  test('takes only a success for a completion', () => {
    expect(at([enqueued(1), ...failed(1)], 2000).firstCompletion).toBeNull()
  })
})

test('spendingOf() sums attempts, and never makes up a price', () => {
  const crash = { kind: 'crash', message: '' } as const
  const spent = spendingOf([
    ...seeded,
    started(1),
    { ...ended(1, { failure: crash, retry: true, usage, usd: 0.1 }), at: 101 } as RunEvent,
    { ...started(1, 2), at: 200 } as RunEvent,
    { ...ended(1, { attempt: 2, usage, turns: 3 }), at: 250 } as RunEvent,
  ])
  expect(spent.get('seed')).toEqual({ ms: 500, turns: 2, tokens: 18, usd: 0.5, isCut: false })
  expect(spent.get('t1')).toEqual({ ms: 150, turns: 4, tokens: 36, usd: null, isCut: false })
})

test('verdictOf() names what failed, what was blocked and what never ran', () => {
  const events = [
    ...seeded,
    enqueued(1),
    enqueued(2, [1]),
    enqueued(3),
    enqueued(4, [], { optional: true }),
    ...failed(1),
    ...failed(4),
  ]
  expect(verdictOf(queueOf(events), flow, undefined)).toEqual({
    verdict: 'failed',
    reasons: [
      'The planner did not queue "report", which closes the flow',
      't1 (work) failed (crash): boom',
      '1 task was blocked: t2 (work) by t1',
      '1 task was never run: t3 (work)',
    ],
  })
  expect(verdictOf(queueOf(events), flow, { kind: 'interrupted' })).toMatchObject({ verdict: 'cancelled' })
  expect(verdictOf(emptyQueue, flow, { kind: 'interrupted' }).reasons).toEqual([
    'The run was interrupted; nothing had been queued',
  ])
})

test('verdictOf() takes an optional failure, and an interruption that came too late, for success', () => {
  const sink = enqueued(2, [1], { type: 'report' })
  const events = [...seeded, enqueued(1, [], { optional: true }), sink, ...failed(1), ...done(2)]
  expect(verdictOf(queueOf(events), flow, { kind: 'interrupted' })).toEqual({
    verdict: 'succeeded',
    reasons: [],
  })
})

describe('reportOf()', () => {
  const title = {
    flow: 'demo',
    app: 'shop',
    framework: 'nextjs',
    harness: 'embedded',
    disclosure: 'no model: rule-based',
    release: 'r1',
  }
  const withSection = {
    ...reported(1),
    handoff: { ...handoff(), reportSection: '- now \u001b[31mred\n\n  - nested' },
  } as RunEvent
  const events: RunEvent[] = [
    {
      e: 'run-started',
      at: 0,
      run: 'r',
      flow: 'demo',
      channel: 'main',
      release: 'r1',
      framework: 'nextjs',
      harness: 'embedded',
      concurrency: 1,
    },
    ...seeded,
    enqueued(1, [], { label: 'A | B\u001b[2J' }),
    enqueued(2),
    enqueued(3, [2]),
    { e: 'guard-tripped', at: 0, guard: 'duplicate', by: 'seed', message: 'Cannot queue "work"' },
    started(1),
    withSection,
    ended(1, { usd: 0.25, usage }),
    ...failed(2),
  ]
  const queue = queueOf(events)
  const report = reportOf({
    title,
    queue,
    events,
    verdict: verdictOf(queue, flow, undefined),
    responsiveness: { firstTask: 1200, firstCompletion: null, longestSilence: 61_000, total: 65_500 },
  })
  test.each([
    ['# demo: failed'],
    ['- t2 (work) failed (crash): boom'],
    ['- App: shop (nextjs)'],
    ['- Content: release r1, channel main'],
    ['- Harness: embedded (no model: rule-based)'],
    ['## Done\n\n- t1 work: A | B'],
    ['- t2 work: Task 2: failed (crash), boom\n- t3 work: Task 3: blocked, since t2 will never be done'],
    ['| | planning | | tiny | | 0.5s | 2 | 18 | $0.5000 |'],
    ['| t1 | work | done | m | 1 | 0.0s | 1 | 18 | $0.2500 |'],
    ['| t2 | work | failed | m | 1 | 0.0s | 1 | 0 | unknown |'],
    ['| t3 | work | blocked | | 0 | 0.0s | 0 | 0 | none |'],
    ['| total | | | | 0.5s | 4 | 36 | unknown |'],
    ['## work: A | B\n\n- now red\n\n  - nested'],
    ['## Refused by a guard\n\n- duplicate, asked by seed: Cannot queue "work"'],
    [
      '- Time to first task: 1.2s\n- Time to first completion: none\n- Longest silence: 1m01s\n- Total: 1m05s',
    ],
  ])('says %j', (text) => {
    expect(report.replaceAll(/ +/g, ' ')).toContain(text.replaceAll(/ +/g, ' '))
  })
  test('shows a table whose columns are straight', () => {
    const rows = report.split('\n').filter((line) => line.startsWith('|'))
    expect(new Set(rows.map((line) => line.length)).size).toBe(1)
  })
  test('lets nothing through that could move a cursor', () => {
    expect(report).not.toContain('\u001b')
  })
})
