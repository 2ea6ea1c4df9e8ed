import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { act, tick, update } from '../../../client/tui/model.ts'
import { displayWidth } from '../../../client/tui/text.ts'
import { view } from '../../../client/tui/view.ts'
import { fc } from '../../properties.ts'
import { after, EVERY_STATE, end, enqueue, planning, report, seeded, start, TITLE } from './scripted-run.ts'

const screen = { columns: 80, rows: 24, colour: false, title: TITLE, limits: {} }
const trimmed = (lines: readonly string[]) => lines.map((line) => line.trimEnd())

const edit = { t: 'call', id: 'c', tool: 'Edit', input: { path: 'src/app.ts' } } as const
const editing = act(after(EVERY_STATE), 't6', edit)

test('view() shows a line per task with label, state, model and time, and what its agent does', () => {
  expect(trimmed(view(tick(editing, 9500), screen))).toEqual([
    'demo  shop · nextjs                                                         9.5s',
    'embedded: no model: rule-based · release 3f2a9c1b4d5e',
    '',
    '✓ planned in 2.0s',
    '✓ t1  Label t1                                    done       haiku-4-5      1.0s',
    '– t2  Label t2  it is there already               not needed haiku-4-5      2.0s',
    '✗ t3  Label t3  no report in 90 s                 failed     haiku-4-5      1.5s',
    '■ t4  Label t4  t3 type-t3 failed                 blocked',
    '■ t5  Label t5  t3 type-t3 failed                 blocked',
    '◑ t6  Label t6                                    running    haiku-4-5      3.0s',
    '      ↳ Edit src/app.ts',
    '· t7  Label t7                                    waiting',
    '↻ t8  Label t8  the agent died                    will retry',
    '✗ t9  Label t9  Ctrl-C                            cancelled',
    '',
    'just failed: t3 no report in 90 s · next: t8 Label t8',
    '1 running, 1 done, 1 not needed, 1 failed, 1 cancelled, 2 blocked, 1 ready, 1 w…',
    'spent 0 tokens',
  ])
})

test('view() moves its clock although nothing happens', () => {
  const model = after(EVERY_STATE)
  const frames = [9000, 9250, 9500, 9750].map((now) => view(tick(model, now), screen).join('\n'))
  expect(new Set(frames).size).toBe(frames.length)
})

test('view() crosses out what is not needed, and colours only when it may', () => {
  const lines = view(after(EVERY_STATE), { ...screen, colour: true })
  expect(lines.find((line) => line.includes('Label t2'))).toContain('\u001B[2;9mLabel t2\u001B[0m')
  expect(view(after(EVERY_STATE), screen).join('')).not.toContain('\u001B')
  expect(lines.map(stripVTControlCharacters)).toEqual(view(after(EVERY_STATE), screen))
})

test('view() says how planning and the run ended', () => {
  expect(view(after([]), screen)[3]).toBe('· planning has not begun')
  expect(view(after([planning(0, 'openai/gpt-5.6-luna')]), screen)[3]).toContain('planning with gpt-5.6-luna')
  const failed = after([
    planning(0),
    seeded(1, 'no credit'),
    { e: 'run-finished', at: 2000, verdict: 'failed', reasons: ['The planner failed: no credit'] },
  ])
  const lines = trimmed(view(failed, screen))
  expect(lines[3]).toBe('✗ planning failed: no credit')
  expect(lines.slice(-2)).toEqual(['✗ failed in 2.0s', '  The planner failed: no credit'])
})

const crash = { kind: 'crash', message: 'x', retry: true } as const

test('view() shows which attempt runs', () => {
  expect(
    view(after([enqueue(0, 't1'), start(0, 't1'), end(1, 't1', crash), start(1, 't1', 2)]), screen).join(
      '\n',
    ),
  ).toContain('attempt 2')
})

test('view() keeps running and recent tasks on a low screen and sums up the rest', () => {
  const queue = Array.from({ length: 200 }, (_, index) => enqueue(0, `t${index + 1}`))
  const ends = ['t50', 't60', 't70', 't80'].flatMap((id, index) => [
    start(index, id),
    report(index, id, { status: 'done' }),
    end(index + 10, id),
  ])
  const lines = view(after([...queue, ...ends, start(20, 't150'), start(21, 't20')]), {
    ...screen,
    rows: 14,
  })
  expect(lines).toHaveLength(14)
  const text = lines.join('\n')
  for (const id of ['t20', 't60', 't70', 't80', 't150']) expect(text).toMatch(new RegExp(`^\\S ${id} `, 'm'))
  expect(text).not.toMatch(/^\S t50 /m)
  expect(text).toMatch(/^\S t151 /m)
  expect(text).toMatch(/… 19[3-5] more: 1 done, \d+ ready/)
})

test('view() gives a screen that is no wider and no higher than it may be, whatever texts come', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
    fc.constantFrom(
      '日本語の長い説明'.repeat(9),
      '👨‍👩‍👧'.repeat(40),
      '\u001B[2J\u001B]0;owned\u0007',
      'a\r\nb',
      '\u202Egnp.exe',
    ),
  )
  const size = { columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 4, max: 60 }) }
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 40 }),
      text,
      fc.record(size),
      (labels, reason, { columns, rows }) => {
        const model = after([
          ...labels.map((label, index) => enqueue(0, `t${index + 1}`, { label })),
          ...labels.slice(0, 9).map((_, index) => start(1, `t${index + 1}`)),
          end(2, 't1', { kind: 'crash', message: reason }),
          ...labels
            .slice(1, 9)
            .map((_, index) => end(2, `t${index + 2}`, { kind: 'crash', message: reason })),
          { e: 'run-finished', at: 3, verdict: 'failed', reasons: [reason, reason] },
        ])
        const title = { ...TITLE, app: reason, disclosure: reason, flow: reason }
        const lines = view(model, { columns, rows, colour: false, title, limits: {} })
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThanOrEqual(columns)
          expect(line).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('view() costs about the same for 10,000 tasks as for 100', () => {
  const timeOf = (size: number): number => {
    const ids = Array.from({ length: size }, (_, index) => `t${index + 1}`)
    const half = ids.slice(0, size / 2)
    let model = after([
      ...ids.map((id) => enqueue(0, id, { type: 'work' })),
      ...half.flatMap((id) => [start(1, id), end(2, id, { kind: 'crash', message: 'x' })]),
    ])
    for (const id of ids.slice(size / 2, size / 2 + 16)) model = act(update(model, start(3, id)), id, edit)
    const rounds = Array.from({ length: 30 }, (_, round) => {
      const from = process.cpuUsage()
      view(tick(model, round), screen)
      const { user, system } = process.cpuUsage(from)
      return user + system
    })
    return rounds.sort((a, b) => a - b)[10] ?? 0
  }
  timeOf(100)
  expect(timeOf(10_000)).toBeLessThan(4 * timeOf(100) + 2000)
})
