import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { apply, emptyQueue } from '../../../client/queue/queue.ts'
import { gantt } from '../../../client/runs/gantt.ts'
import { ganttSvg } from '../../../client/runs/gantt-svg.ts'
import { timelineOf } from '../../../client/runs/timeline.ts'
import { withoutPauses } from '../../../client/runs/without-pauses.ts'
import { painter } from '../../../client/tui/colour.ts'
import { displayWidth } from '../../../client/tui/text.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { fc } from '../../properties.ts'
import { end, enqueue, planning, report, seeded, start } from '../tui/scripted-run.ts'

const done = (id: string, from: number, to: number): RunEvent[] => [
  start(from, id),
  report(to, id, { status: 'done' }),
  end(to, id),
]
const crash = (retry: boolean) => ({ kind: 'crash', message: 'boom', retry }) as const

/** t1 → t2 (tried twice) → sink t4; t3 beside them. Interrupted for a day. */
const EVENTS: readonly RunEvent[] = [
  planning(1000),
  enqueue(1100, 't1', { label: 'First' }),
  enqueue(1200, 't2', { dependsOn: ['t1'] }),
  enqueue(1200, 't3', { label: 'Beside' }),
  enqueue(1300, 't4', { dependsOn: ['t2', 't3'] }),
  ...done('t1', 1300, 2000),
  seeded(2000),
  ...done('t3', 2000, 2500),
  start(2500, 't2'),
  end(3000, 't2', crash(true)),
  { e: 'run-resumed', at: 86_400_000 },
  start(86_400_500, 't2', 2),
  { ...report(86_401_000, 't2', { status: 'done' }), attempt: 2 } as RunEvent,
  { ...end(86_401_000, 't2'), attempt: 2 } as RunEvent,
  start(86_401_000, 't4'),
]
const queueOf = (events: readonly RunEvent[]) => events.reduce(apply, emptyQueue)
const timeline = timelineOf(EVENTS, { queue: queueOf(EVENTS), sinceLast: 500 })
const rowOf = (id: string) => timeline.rows.find((row) => row.id === id)

test('withoutPauses() leaves the time out in which nobody worked, and never runs backwards', () => {
  const { events, pauses } = withoutPauses([...EVENTS, { e: 'run-resumed', at: 1 }, planning(0), planning(5)])
  expect(pauses).toEqual([2000, 3000])
  expect(events.at(-1)?.at).toBe(3005)
  for (const [index, event] of events.entries())
    expect(event.at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? 0)
})

test('withoutPauses() counts from when the person asked, each time', () => {
  const begun = {
    e: 'run-started',
    run: 'r',
    flow: 'f',
    channel: null,
    release: 'x',
    framework: null,
  } as const
  const { events, pauses } = withoutPauses([
    { ...begun, harness: 'h', concurrency: 1, at: 1000, launchedAt: 700 },
    planning(1100),
    { e: 'run-resumed', at: 9000, launchedAt: 8800 },
    planning(9010),
  ])
  expect(events.map(({ at }) => at)).toEqual([300, 400, 600, 610])
  expect(pauses).toEqual([400])
})

test('timelineOf() draws waiting, attempts, retries and what is still at work', () => {
  expect(timeline.length).toBe(3500)
  expect(rowOf('seed')?.segments).toEqual([{ kind: 'done', from: 0, to: 1000 }])
  expect(rowOf('t2')?.segments).toEqual([
    { kind: 'wait', from: 200, to: 1500 },
    { kind: 'retry', from: 1500, to: 2000 },
    { kind: 'wait', from: 2000, to: 2500 },
    { kind: 'done', from: 2500, to: 3000 },
  ])
  expect(rowOf('t4')?.segments.at(-1)).toEqual({ kind: 'open', from: 3000, to: 3500 })
})

test('timelineOf() marks the chain that the end waited for', () => {
  const critical = timeline.rows.filter((row) => row.isCritical).map(({ id }) => id)
  expect(critical).toEqual(['seed', 't1', 't2', 't4'])
})

test('timelineOf() puts planning on the chain when the sink waited for it', () => {
  const late = [
    planning(0),
    enqueue(1, 't1'),
    ...done('t1', 1, 5),
    enqueue(6, 't2', { dependsOn: ['t1'] }),
    seeded(9),
    ...done('t2', 9, 12),
  ]
  const { rows } = timelineOf(late, { queue: queueOf(late) })
  expect(rows.filter((row) => row.isCritical).map(({ id }) => id)).toEqual(['seed', 't2'])
})

test('gantt() draws bars to scale, marks the chain and explains its signs', () => {
  const lines = gantt(timeline, { columns: 60, paint: painter(false) })
  expect(lines.map((line) => line.trimEnd())).toMatchInlineSnapshot(`
    [
      "●    planning ███████████          ┊                   1.0s",
      "● t1 First     ··████████          ┊                   0.7s",
      "● t2 Label t2   ··············▒▒▒▒▒▒·····██████        1.0s",
      "  t3 Beside     ········███████    ┊                   0.5s",
      "● t4 Label t4    ··················┊··········▓▓▓▓▓▓   0.5s",
      "              └──────────────────────────────── 3.5s",
      "  █ done   ▒ tried again   ▓ at work   · waiting   ● what t…",
    ]
  `)
})

test('gantt() shows of a long run what tells most', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `t${index + 1}`)
  const events = [
    ...ids.map((id) => enqueue(0, id, { type: 'work' })),
    ...ids.flatMap((id, index) =>
      id === 't900' ? [start(index, id), end(index + 1, id, crash(false))] : done(id, index, index + 1),
    ),
  ]
  const text = gantt(timelineOf(events, { queue: queueOf(events) }), { columns: 80, paint: painter(false) })
  expect(text.length).toBeLessThan(210)
  expect(text.join('\n')).toMatch(/t900 .*▚/)
  expect(text.join('\n')).toMatch(/● t1000 /)
  expect(text.join('\n')).toContain('… 800 more tasks')
})

const label = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    '日本語'.repeat(20),
    '</title><script>alert(1)</script>',
    '"><x y=\'',
    '\u001b[2J\u202E&&',
    ']]>',
  ),
)

test('gantt() is never wider than it may be, whatever labels and times come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(label, fc.nat(1e6), fc.nat(1e6)), { minLength: 1 }),
      fc.integer({ min: 40, max: 200 }),
      (tasks, columns) => {
        const events = tasks.flatMap(([text, from, took], index) => {
          const id = `t${index + 1}`
          return [enqueue(from, id, { label: text }), ...done(id, from, from + took)]
        })
        const plain = gantt(timelineOf(events, { queue: queueOf(events) }), {
          columns,
          paint: painter(false),
        })
        for (const line of plain) {
          expect(displayWidth(line)).toBeLessThanOrEqual(columns)
          expect(line).not.toMatch(/\p{Cc}/u)
        }
        const coloured = gantt(timelineOf(events, { queue: queueOf(events) }), {
          columns,
          paint: painter(true),
        })
        expect(coloured.map(stripVTControlCharacters)).toEqual(plain)
      },
    ),
    { numRuns: 60 },
  )
})

test('ganttSvg() is well-formed, within its frame, and takes no label for markup', () => {
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 20 }), (labels) => {
      const events = labels.flatMap((text, index) => {
        const id = `t${index + 1}`
        return [enqueue(index, id, { label: text }), ...done(id, index * 10, index * 10 + 7)]
      })
      const svg = ganttSvg(timelineOf(events, { queue: queueOf(events) }), {
        title: labels[0] ?? '',
        subtitle: '&',
      })
      expect(svg).not.toContain('<script')
      expect(svg.replaceAll(/&(amp|lt|gt|quot);/g, '')).not.toContain('&')
      const open: string[] = []
      for (const [, slash, name = '', rest = ''] of svg.matchAll(/<(\/?)([a-z]+)([^<>]*)>/g)) {
        if (slash) expect(open.pop()).toBe(name)
        else if (!rest.endsWith('/')) open.push(name)
      }
      expect(open).toEqual([])
      for (const [, x, width] of svg.matchAll(/<rect class="\w+" x="([\d.]+)"[^>]* width="([\d.]+)"/g)) {
        expect(Number(x) + Number(width)).toBeLessThanOrEqual(1080)
      }
    }),
    { numRuns: 60 },
  )
})
