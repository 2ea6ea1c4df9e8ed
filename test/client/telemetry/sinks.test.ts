import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readTelemetryConfig } from '../../../client/config.ts'
import { configuredTelemetry } from '../../../client/telemetry/configured.ts'
import { distinctIdOf } from '../../../client/telemetry/distinct-id.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { scratchApp } from '../scripted.ts'
import { EVERY_STATE, end, enqueue, report, start } from '../tui/scripted-run.ts'
import { type CaptureServer, captureServer, eventsIn, type PostedSpan, spansIn } from './capture-server.ts'

const FINISH: RunEvent = { e: 'run-finished', at: 10_000, verdict: 'failed', reasons: ['t3 failed'] }
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let app: ReturnType<typeof scratchApp>
const servers: CaptureServer[] = []
beforeEach(() => {
  app = scratchApp()
  mkdirSync(join(app.path, '.mill'))
})
afterEach(async () => {
  app[Symbol.dispose]()
  for (const server of servers.splice(0)) await server.close()
})

async function capturing(): Promise<CaptureServer> {
  const server = await captureServer()
  servers.push(server)
  return server
}

interface Telling {
  readonly posthog?: string
  readonly otlp?: string
  readonly before?: readonly RunEvent[]
  readonly events: readonly RunEvent[]
}

/** Tells sinks of events, and answers what was said of losses. */
async function tell({ posthog, otlp, before, events }: Telling): Promise<readonly string[]> {
  const losses: string[] = []
  const [face] = configuredTelemetry({
    flags: {
      ...(posthog === undefined ? {} : { telemetryPosthog: posthog }),
      ...(otlp === undefined ? {} : { telemetryOtlp: otlp }),
    },
    ...{ config: { posthogKey: 'phc_test', doNotTrack: false }, cwd: app.path, app: app.path },
    onLoss: (loss) => void losses.push(loss),
    closeMs: 60_000,
  })
  if (before !== undefined) face?.onReplay?.(before)
  for (const event of events) face?.onEvent(event)
  await face?.close()
  return losses
}

describe('PostHog', () => {
  test('hears each event once, at its own time, of a nobody without a profile', async () => {
    const server = await capturing()
    expect(await tell({ posthog: server.base, events: [...EVERY_STATE, FINISH] })).toEqual([])
    const events = eventsIn(server)
    expect(events[0]).toMatchObject({
      event: 'orchestrator started',
      timestamp: '1970-01-01T00:00:00.000Z',
      properties: { flow: 'demo', $process_person_profile: false, $geoip_disable: true },
    })
    for (const { distinct_id, properties } of events) {
      expect(distinct_id).toMatch(UUID)
      expect(properties).toMatchObject({
        variant: 'orchestrator',
        sequence: 'orchestrator',
        channel: 'dev',
        release: 'r1',
      })
    }
    expect(events.at(-1)).toMatchObject({ event: 'run finished', properties: { longestSilenceMs: 2500 } })
  })

  test('knows an app again by a random id, until its file is deleted', async () => {
    const first = distinctIdOf(app.path)
    expect(first).toMatch(UUID)
    expect(distinctIdOf(app.path)).toBe(first)
    rmSync(join(app.path, '.mill/telemetry-id'))
    expect(distinctIdOf(app.path)).not.toBe(first)
  })

  test('is told neither what a link leads to, nor what is no id', () => {
    const file = join(app.path, '.mill/telemetry-id')
    const own = distinctIdOf(app.path)
    writeFileSync(join(app.path, 'other'), own)
    for (const spoil of [
      () => symlinkSync(join(app.path, 'other'), file),
      () => writeFileSync(file, 'secret of somebody'),
      () => mkdirSync(file),
    ]) {
      rmSync(file, { recursive: true })
      spoil()
      expect(distinctIdOf(app.path)).toMatch(UUID)
      expect(distinctIdOf(app.path)).not.toBe(own)
    }
    expect(readFileSync(join(app.path, 'other'), 'utf8')).toBe(own)
  })
})

const named = (spans: readonly PostedSpan[], name: string) => spans.filter((span) => span.name === name)
const seconds = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000_000n)

describe('a collector', () => {
  test('is shown run, planning, tasks and attempts, each within the one before', async () => {
    const server = await capturing()
    expect(await tell({ otlp: server.base, events: [...EVERY_STATE, FINISH] })).toEqual([])
    const spans = spansIn(server)
    const byId = new Map(spans.map((span) => [span.spanId, span]))
    const [run] = named(spans, 'run')
    expect(run?.parentSpanId).toBeUndefined()
    expect(run?.events.map(({ name }) => name)).toEqual(['guard tripped'])
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    for (const span of spans) {
      const parent = byId.get(span.parentSpanId ?? '')?.name
      const wanted = span.name.startsWith('attempt ') ? span.name.replace('attempt', 'task') : 'run'
      expect([span.name, parent]).toEqual([span.name, span === run ? undefined : wanted])
      expect(span.status.message ?? '').toBe('')
    }
    const [task] = named(spans, 'task type-t1')
    expect([task?.startTimeUnixNano, task?.endTimeUnixNano].map((at) => seconds(at ?? ''))).toEqual([1, 3])
    expect(named(spans, 'task type-t3')[0]?.status.code).toBe(2)
    expect(named(spans, 'attempt type-t1')[0]?.attributes).toContainEqual({
      ...{ key: 'mill.model', value: { stringValue: 'claude-haiku-4-5-20251001' } },
    })
  })

  test('sees a run that goes on in the trace in which it began', async () => {
    const server = await capturing()
    const first = [...EVERY_STATE.slice(0, 1), enqueue(1000, 't1'), start(2000, 't1')]
    const second: RunEvent[] = [
      { e: 'run-resumed', at: 50_000, launchedAt: 49_000 },
      { ...end(50_000, 't1', { kind: 'cancelled', message: 'interrupted', retry: true }) },
      start(51_000, 't1', 2),
      report(52_000, 't1', { status: 'done' }),
      { ...end(52_000, 't1'), attempt: 2 } as RunEvent,
      { e: 'run-finished', at: 53_000, verdict: 'succeeded', reasons: [] },
    ]
    expect(await tell({ otlp: server.base, events: first })).toEqual([])
    expect(await tell({ otlp: server.base, posthog: server.base, before: first, events: second })).toEqual([])
    const spans = spansIn(server)
    const [began, wentOn] = named(spans, 'run')
    expect(wentOn).toMatchObject({ traceId: began?.traceId, parentSpanId: began?.spanId })
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
    expect(named(spans, 'attempt type-t1')).toHaveLength(2)
    expect(eventsIn(server).at(-1)?.properties).toMatchObject({
      ...{ ms: 4000, firstTaskMs: 2000, firstCompletionMs: 3000, longestSilenceMs: 1000 },
    })
  })
})

describe('configuredTelemetry()', () => {
  const faces = (env: Readonly<Record<string, string>>, flags = {}) => {
    const losses: string[] = []
    const told = configuredTelemetry({
      ...{ flags, config: readTelemetryConfig(env), cwd: app.path, app: app.path },
      onLoss: (loss) => void losses.push(loss),
    })
    return { on: told.length === 1, losses }
  }
  const key = { MILL_TELEMETRY_POSTHOG_KEY: 'k' }
  const host = { telemetryPosthog: 'http://127.0.0.1:9' }
  const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }

  test('is off unless somebody configured it', () => {
    expect(faces({})).toEqual({ on: false, losses: [] })
    expect(faces(key)).toEqual({ on: false, losses: [] })
    expect(faces({ ...otlp, OTEL_SDK_DISABLED: 'true' })).toEqual({ on: false, losses: [] })
    expect(faces({ DO_NOT_TRACK: '1' })).toEqual({ on: false, losses: [] })
    expect(faces(otlp).on).toBe(true)
    expect(faces(key, host).on).toBe(true)
  })

  test('sends nothing under DO_NOT_TRACK, and says so; a file stays on the machine', () => {
    const said = ['Nothing is sent anywhere, since DO_NOT_TRACK is set']
    expect(faces({ ...otlp, DO_NOT_TRACK: '1' })).toEqual({ on: false, losses: said })
    expect(faces({ DO_NOT_TRACK: 'true' }, host)).toEqual({ on: false, losses: said })
    expect(faces({ DO_NOT_TRACK: '1' }, { telemetry: 'told.jsonl' })).toEqual({ on: true, losses: [] })
    expect(faces({ ...otlp, DO_NOT_TRACK: '0' }).on).toBe(true)
  })

  test('wants the key of a project before the run begins', () => {
    expect(() => faces({}, host)).toThrow(
      expect.objectContaining({ code: 'run/telemetry-key-missing', exit: 2 }),
    )
  })

  test.each([
    ['http://a:1', 'http://a:1/v1/traces'],
    ['http://a:1/otel/', 'http://a:1/otel/v1/traces'],
    ['http://a:1/v1/traces', 'http://a:1/v1/traces'],
  ])('sends traces of %s to %s', (endpoint, url) => {
    expect(readTelemetryConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).otlpUrl).toBe(url)
    expect(
      readTelemetryConfig({
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b',
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      }).otlpUrl,
    ).toBe('http://b')
  })
})
