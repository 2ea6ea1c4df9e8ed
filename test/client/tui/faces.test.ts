import { PassThrough, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { panelAsker } from '../../../client/tui/ask/panel-asker.ts'
import { panelFace } from '../../../client/tui/panel.ts'
import { plainFace } from '../../../client/tui/plain.ts'
import { EVERY_STATE, enqueue, start, TITLE } from './scripted-run.ts'

const CANCELLED = {
  failure: { kind: 'cancelled', message: 'interrupted' },
  ...{ retry: false, turns: 0, usage: [] },
} as const

function paper() {
  const lines: string[] = []
  const out = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).split('\n').filter(Boolean))
      done()
    },
  })
  return { out, lines }
}

test('plainFace() says one line per transition', async () => {
  const { out, lines } = paper()
  let now = 0
  const face = plainFace({ out, launchedAt: now, now: () => now, colour: false, title: TITLE })
  for (const event of EVERY_STATE) {
    now = event.at
    face.onEvent(event)
  }
  now = 9500
  face.onEvent({ e: 'attempt-ended', at: now, id: 't6', attempt: 1, ...CANCELLED })
  face.onEvent({
    e: 'run-finished',
    at: now,
    verdict: 'failed',
    reasons: ['t3 failed', '2 tasks are blocked'],
  })
  await face.close()
  expect(lines).toEqual([
    '  0.0s  demo on shop (nextjs) by embedded (no model: rule-based), release 3f2a9c1b4d5e',
    '  0.0s  ▸ planning (haiku-4-5)',
    ...['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9'].map(
      (id) => `  1.0s  + ${id} type-${id}  Label ${id}`,
    ),
    '  1.5s  ! duplicate refused a task of seed: Cannot queue it twice',
    '  2.0s  ✓ planned (2.0s)',
    '  2.0s  ▸ t1 type-t1  Label t1 (haiku-4-5)',
    '  2.0s  ▸ t2 type-t2  Label t2 (haiku-4-5)',
    '  3.0s  ✓ t1 type-t1  Label t1 (haiku-4-5, 1.0s)',
    '  4.0s  – t2 type-t2  Label t2: not needed, it is there already (haiku-4-5, 2.0s)',
    '  4.0s  ▸ t3 type-t3  Label t3 (haiku-4-5)',
    '  5.5s  ✗ t3 type-t3  Label t3: failed, no report in 90 s (haiku-4-5, 1.5s)',
    '  5.5s  ■ t4 type-t4  Label t4: blocked, t3 type-t3 failed',
    '  5.5s  ■ t5 type-t5  Label t5: blocked, t3 type-t3 failed',
    '  5.5s  ▸ t8 type-t8  Label t8 (haiku-4-5)',
    '  6.0s  ↻ t8 type-t8  Label t8: tries again, the agent died',
    '  6.5s  ▸ t6 type-t6  Label t6 (haiku-4-5)',
    '  9.0s  ✗ t9 type-t9  Label t9: cancelled, Ctrl-C',
    '  9.5s  ✗ t6 type-t6  Label t6: failed, interrupted (haiku-4-5, 3.0s)',
    '  9.5s  ■ t7 type-t7  Label t7: blocked, t6 type-t6 failed',
    '  9.5s  ✗ run failed',
    '  9.5s    t3 failed',
    '  9.5s    2 tasks are blocked',
  ])
})

test('plainFace() gives a sign of life when nothing is said, and none after close', async () => {
  const { out, lines } = paper()
  const face = plainFace({
    out,
    launchedAt: Date.now(),
    now: Date.now,
    colour: false,
    title: TITLE,
    heartbeatMs: 40,
  })
  face.onEvent(enqueue(Date.now(), 't1'))
  face.onEvent(start(Date.now(), 't1'))
  const said = lines.length
  await sleep(200)
  expect(lines.length).toBeGreaterThan(said)
  expect(lines.at(-1)).toMatch(/ {2}… t1 type-t1 0\.\ds$/)
  await face.close()
  const closed = lines.length
  await sleep(100)
  expect(lines).toHaveLength(closed)
})

test('plainFace() takes a replay in without a line', async () => {
  const { out, lines } = paper()
  const face = plainFace({ out, launchedAt: 20_000, now: () => 20_000, colour: false, title: TITLE })
  face.onReplay?.(EVERY_STATE)
  face.onEvent({ e: 'run-resumed', at: 20_000 })
  face.onEvent(start(20_000, 't8', 2))
  await face.close()
  expect(lines.slice(1)).toEqual([
    '  0.0s  ↻ resumed',
    '  0.0s  ▸ t8 type-t8  Label t8 (haiku-4-5, attempt 2)',
  ])
})

test('plainFace() outlives the stream it writes to', async () => {
  const out = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
  const face = plainFace({ out, launchedAt: 0, now: () => 0, colour: false, title: TITLE })
  await sleep(5)
  for (const event of EVERY_STATE) face.onEvent(event)
  await face.close()
})

/** What Ink needs of a terminal. */
function terminal(columns: number, rows: number) {
  const stream = new PassThrough()
  const written: string[] = []
  stream.on('data', (chunk) => written.push(String(chunk)))
  const stdout = Object.assign(stream, { isTTY: true, columns, rows }) as unknown as NodeJS.WriteStream
  return { stdout, written }
}

test('panelFace() draws every event, and its clock without one', async () => {
  const { stdout, written } = terminal(80, 24)
  const face = panelFace({
    stdout,
    launchedAt: Date.now(),
    now: Date.now,
    colour: false,
    title: TITLE,
    limits: {},
  })
  const at = Date.now()
  for (const event of EVERY_STATE) face.onEvent({ ...event, at: at + event.at - 9000 })
  await sleep(150)
  expect(stripVTControlCharacters(written.join(''))).toContain('Label t6')
  const drawn = written.length
  await sleep(700)
  expect(written.length).toBeGreaterThan(drawn)
  face.onEvent({ e: 'attempt-ended', at: Date.now(), id: 't6', attempt: 1, ...CANCELLED })
  face.onEvent({ e: 'run-finished', at: Date.now(), verdict: 'succeeded', reasons: [] })
  await face.close()
  expect(stripVTControlCharacters(written.join(''))).toContain('✓ succeeded in ')
  const closed = written.length
  await sleep(300)
  expect(written).toHaveLength(closed)
})

test('panelFace() asks at its bottom while the run goes on above, and reads keys only as long as it asks', async () => {
  const { stdout, written } = terminal(80, 24)
  const keys = new PassThrough()
  const raw: boolean[] = []
  const more = {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
    ref: () => keys,
    unref: () => keys,
  }
  const stdin = Object.assign(keys, more) as unknown as NodeJS.ReadStream
  let now = 0
  const asker = panelAsker(() => now)
  let interrupts = 0
  const asking = { asker, stdin, onInterrupt: () => interrupts++ }
  const shown = { stdout, launchedAt: 0, now: () => now, colour: false, title: TITLE, limits: {} }
  const face = panelFace({ ...shown, asking })
  const until = async (found: () => boolean) => {
    while (!found()) await sleep(10)
  }
  const screen = () => stripVTControlCharacters(written.join(''))
  const question = { by: 't2', label: 'Set up', question: 'Which one?', options: [], timeoutMs: 60_000 }
  const answer = asker.ask(question, AbortSignal.timeout(20_000))
  await until(() => raw.length > 0)
  await until(() => screen().includes('Which one?'))
  now = 1000
  await until(() => screen().includes('Esc declines'))
  face.onEvent(enqueue(now, 't1'))
  await until(() => screen().includes('Label t1'))
  keys.write('th\u0003at\u007F')
  keys.write('is\r')
  expect([await answer, interrupts]).toEqual(['thais', 1])
  await until(() => raw.length > 1)
  expect(raw).toEqual([true, false])
  const refused = asker.ask(question, AbortSignal.timeout(20_000))
  now = 2000
  await until(() => raw.length > 2)
  keys.write('\u001B')
  expect(await refused).toBeUndefined()
  await until(() => raw.length > 3)
  await face.close()
  expect(written.at(-1)).not.toContain('Which one?')
}, 30_000)
