import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonlTelemetry } from '../../../client/telemetry/jsonl.ts'
import { telemetryMapper } from '../../../client/telemetry/mapper.ts'
import { telemetryFace } from '../../../client/telemetry/sink.ts'
import { FAILURES, type RunEvent, runEventSchema } from '../../../schemas/run-event.ts'
import { fc } from '../../properties.ts'
import { EVERY_STATE, enqueue, report, start } from '../tui/scripted-run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mill-telemetry-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function told(events: readonly RunEvent[]) {
  const map = telemetryMapper()
  return events.map(map).filter((entry) => entry !== null)
}

const FINISH: RunEvent = { e: 'run-finished', at: 10_000, verdict: 'failed', reasons: ['t3 failed'] }

test('telemetryMapper() tells the whole run in its ten events', () => {
  const entries = told([...EVERY_STATE, FINISH])
  expect([...new Set(entries.map((entry) => entry.event))].sort()).toEqual([
    'guard tripped',
    'orchestrator seeded',
    'orchestrator started',
    'run finished',
    'task completed',
    'task enqueued',
    'task failed',
    'task retried',
    'task skipped',
    'task started',
  ])
  for (const entry of entries) {
    expect(entry).toMatchObject({ variant: 'orchestrator', run: 'run-1', channel: 'dev', release: 'r1' })
  }
  const of = (name: string) => entries.filter((entry) => entry.event === name)
  expect(of('task completed')).toMatchObject([
    { task: 't1', type: 'type-t1', model: 'claude-haiku-4-5-20251001', ms: 1000, attempt: 1 },
  ])
  expect(of('task skipped')).toMatchObject([{ task: 't2', ms: 2000 }])
  expect(of('task failed')).toMatchObject([
    { task: 't3', failure: 'timeout' },
    { task: 't9', failure: 'cancelled' },
  ])
  expect(of('task retried')).toMatchObject([{ task: 't8', failure: 'crash' }])
  expect(of('run finished')).toMatchObject([
    {
      verdict: 'failed',
      ms: 10_000,
      tasks: 9,
      completed: 1,
      skipped: 1,
      failed: 2,
      retried: 1,
      firstTaskMs: 2000,
      firstCompletionMs: 3000,
    },
  ])
})

test('telemetryMapper() counts tokens over models and keeps an unknown price unknown', () => {
  const usage = [
    { model: 'a', input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
    { model: 'b', input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
  ]
  const ended: RunEvent = {
    e: 'attempt-ended',
    at: 2,
    id: 't1',
    attempt: 1,
    failure: null,
    retry: false,
    turns: 5,
    usage,
  }
  expect(told([enqueue(0, 't1'), start(1, 't1'), ended]).at(-1)).toMatchObject({
    turns: 5,
    inputTokens: 11,
    outputTokens: 22,
    cacheReadTokens: 33,
    cacheWriteTokens: 44,
    usd: null,
  })
})

/** Looks like a name, so that only leaving it out keeps it out. */
const secret = fc.stringMatching(/^secret-[a-z0-9]{6,20}$/)

test('telemetryMapper() tells no string of any free text', () => {
  fc.assert(
    fc.property(secret, fc.constantFrom(...FAILURES), fc.boolean(), (text, kind, retry) => {
      const failure = { kind, message: text }
      const spent = { turns: 1, usage: [] }
      const handoff = {
        goals: text,
        did: text,
        forNextAgent: text,
        filesTouched: [text],
        evidence: text,
        assumptions: text,
        conflict: text,
        reportSection: text,
      }
      const started = EVERY_STATE[0] as RunEvent
      const events: RunEvent[] = [
        started,
        { e: 'seed-ended', at: 1, failure, ...spent },
        enqueue(1, 't1', { label: text, reason: text, inputs: { [text]: text, deep: { list: [text] } } }),
        { e: 'guard-tripped', at: 1, guard: 'duplicate', by: text, message: text },
        start(2, 't1'),
        { ...report(3, 't1', { status: 'failed', reason: text }), handoff } as RunEvent,
        { e: 'attempt-ended', at: 4, id: 't1', attempt: 1, failure, retry, ...spent },
        { e: 'task-cancelled', at: 5, id: 't1', reason: text },
        { e: 'run-finished', at: 6, verdict: 'failed', reasons: [text] },
      ]
      for (const event of events) runEventSchema.parse(event)
      expect(JSON.stringify(told(events))).not.toContain('secret-')
    }),
  )
})

test('telemetryMapper() tells names only where a name belongs', () => {
  const started = { ...EVERY_STATE[0], harness: 'my own harness!', run: 'x y' } as RunEvent
  expect(told([started])[0]).toMatchObject({ harness: 'other', run: 'other' })
})

test('jsonlTelemetry() adds a line an event, keeps a replay to itself, and is private', async () => {
  const file = join(folder, 'deep', 'run.jsonl')
  for (const replayed of [0, 12]) {
    const face = telemetryFace([jsonlTelemetry(file)], () => undefined)
    face.onReplay?.(EVERY_STATE.slice(0, replayed))
    for (const event of EVERY_STATE.slice(replayed)) face.onEvent(event)
    await face.close()
  }
  const lines = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const map = telemetryMapper()
  for (const event of EVERY_STATE.slice(0, 12)) map(event)
  const rest = EVERY_STATE.slice(12).map(map)
  expect(lines).toEqual([...told(EVERY_STATE), ...rest.filter((entry) => entry !== null)])
  expect((await stat(file)).mode & 0o077).toBe(0)
})

test('jsonlTelemetry() refuses a file it cannot open before the run begins', () => {
  expect(() => jsonlTelemetry(folder)).toThrow(
    expect.objectContaining({ code: 'run/telemetry-unwritable', exit: 2 }),
  )
})
