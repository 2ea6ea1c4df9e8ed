import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { scratchApp } from '../scripted.ts'
import { captureServer, type Manner } from './capture-server.ts'

const TIMEOUT_MS = 120_000
/** What a run gives its sinks at its end: time enough on any machine, and hardly any. */
const ENOUGH_MS = 60_000
const LITTLE_MS = 500

interface Told {
  readonly host?: string
  readonly collector?: string
  readonly limit?: number
}

/** Runs a flow in a process of its own, which ends by itself. */
async function toldRun({ host, collector = host, limit = ENOUGH_MS }: Told = {}) {
  using app = scratchApp()
  const script = fileURLToPath(new URL('told-run.ts', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    ...[script, app.path, host ?? '', collector ?? '', String(limit)],
  ])
  return { ...(JSON.parse(stdout) as { verdict: string; losses: string[]; loaded: string[] }), stderr }
}

async function toldTo(manner: Manner, limit = ENOUGH_MS) {
  const server = await captureServer(manner)
  try {
    return await toldRun({ host: server.base, limit })
  } finally {
    await server.close()
  }
}

const status =
  (code: number): Manner =>
  (response) =>
    void response.writeHead(code).end('no')
const late: Manner = (response) => void setTimeout(() => response.end('{}'), 300)
/** Takes what it is sent, and does not come to an end with saying so. */
const drip: Manner = (response, request) => {
  const timer = setInterval(() => response.write(' '), 50)
  request.socket.once('close', () => clearInterval(timer))
}

describe.concurrent('a run', () => {
  test(
    'loads no library of telemetry that it is not told to use',
    async () => {
      expect(await toldRun()).toEqual({ verdict: 'succeeded', losses: [], loaded: [], stderr: '' })
      const { loaded } = await toldRun({ host: 'http://127.0.0.1:9', collector: '' })
      expect(loaded).toContain('posthog-node')
      expect(loaded).not.toContain('@opentelemetry')
    },
    TIMEOUT_MS,
  )

  const lost = (why: string) => [
    expect.stringMatching(`^Cannot tell "127.0.0.1:[0-9]+" of 12 of 12 events: .*${why}`),
    expect.stringMatching(`^Cannot tell "127.0.0.1:[0-9]+" of 8 of 8 spans: .*${why}`),
  ]

  test.each<[string, string, Manner, number?]>([
    ['answers 500', 'answered 500', status(500)],
    ['answers 400', 'answered 400', status(400)],
    ['cuts the line', '.', (response) => void response.destroy(), LITTLE_MS],
    ['says nothing', '.', () => undefined, LITTLE_MS],
  ])(
    'ends as it would have when its telemetry %s, and tells each loss once',
    async (...[, why, manner, limit]) => {
      const { verdict, losses, stderr } = await toldTo(manner, limit)
      expect([verdict, stderr]).toEqual(['succeeded', ''])
      expect(losses).toEqual(lost(why))
    },
    TIMEOUT_MS,
  )

  test(
    'ends, and loses nothing, when its telemetry is taken late',
    async () => {
      expect(await toldTo(late)).toMatchObject({ verdict: 'succeeded', losses: [], stderr: '' })
    },
    TIMEOUT_MS,
  )

  test(
    'ends when its telemetry is answered byte by byte, without an end',
    async () => {
      expect(await toldTo(drip, LITTLE_MS)).toMatchObject({ verdict: 'succeeded', stderr: '' })
    },
    TIMEOUT_MS,
  )

  test(
    'ends as it would have when nobody is there to be told',
    async () => {
      const server = await captureServer()
      await server.close()
      const { verdict, losses, stderr } = await toldRun({ host: server.base, limit: LITTLE_MS })
      expect([verdict, losses.length, stderr]).toEqual(['succeeded', 2, ''])
    },
    TIMEOUT_MS,
  )

  test(
    'is told to nobody whom a redirect names',
    async () => {
      const other = await captureServer()
      const { verdict, losses } = await toldTo(
        (response, { url }) => void response.writeHead(307, { location: `${other.base}${url}` }).end(),
      )
      await other.close()
      expect([verdict, losses.length, other.wire()]).toEqual(['succeeded', 2, ''])
    },
    TIMEOUT_MS,
  )
})
