import { describe, expect, test } from 'vitest'
import { type Clock, wallClock } from '../../../client/clock.ts'
import { type Assignment, attempt } from '../../../client/execute/attempt.ts'
import { backoffOf, failureOf, isRetried, verdictOn } from '../../../client/execute/failure.ts'
import type { AgentHarness, AgentJob, AgentOutcome, EndReason } from '../../../client/harness/harness.ts'
import { handoff } from '../scripted.ts'

const job: Assignment = {
  id: 't1',
  subject: { flow: 'demo', type: 'work', inputs: {}, framework: null, runFolder: '/app/.mill', by: 't1' },
  cwd: '/app',
  model: 'm',
  system: '',
  prompt: '',
  tools: { allow: [], deny: [] },
  hostTools: [],
  authorize: async () => ({ allow: true }),
  limits: { maxTurns: 5, timeoutMs: 60_000, stallMs: 60_000 },
  costOf: () => undefined,
  onEvent: () => undefined,
}
const outcome = (end: EndReason, more: Partial<AgentOutcome> = {}): AgentOutcome => ({
  end,
  turns: 2,
  usage: [],
  ms: 1,
  ...more,
})
const harness = (run: AgentHarness['run']): AgentHarness => ({
  name: 'h',
  disclosure: '',
  models: { kind: 'own', name: 'm' },
  check: async () => ({ ok: true, version: '' }),
  run,
})
const never = new AbortController().signal
const uponAbort = ({ signal }: AgentJob): Promise<AgentOutcome> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(outcome('aborted'))))
const soon = (limits: Partial<AgentJob['limits']>): Assignment => ({
  ...job,
  limits: { ...job.limits, ...limits },
})

describe('attempt()', () => {
  test.each([
    ['done', null],
    ['max-turns', 'budget'],
    ['timeout', 'timeout'],
    ['budget', 'budget'],
    ['auth', 'auth'],
    ['rate-limit', 'rate-limit'],
    ['api-error', 'api'],
    ['crash', 'crash'],
    ['aborted', 'crash'],
  ] as const)('takes the end "%s" for %s', async (end, kind) => {
    const ending = await attempt(job, {
      harness: harness(async () => outcome(end)),
      clock: wallClock,
      signal: never,
    })
    expect(ending.failure?.kind ?? null).toBe(kind)
    expect(ending.lost).toBe(false)
    expect(ending.spent.turns).toBe(2)
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
  ])('takes a harness that %s for a crash', async (_, run) => {
    const ending = await attempt(job, { harness: harness(run), clock: wallClock, signal: never })
    expect(ending.failure).toEqual({ kind: 'crash', message: 'boom' })
  })

  test('cuts the wait that a provider asks for, and says so', async () => {
    const asked = (retryAfterMs: number) =>
      attempt(job, {
        harness: harness(async () => outcome('rate-limit', { message: 'slow down', retryAfterMs })),
        ...{ clock: wallClock, signal: never },
      })
    expect(await asked(600_000)).toMatchObject({ failure: { message: 'slow down' }, retryAfterMs: 600_000 })
    const message = 'slow down; it asked to be left alone for 86400 s, which is cut to 600 s'
    expect(await asked(86_400_000)).toMatchObject({ failure: { message }, retryAfterMs: 600_000 })
  })

  test('stops an agent that takes too long', async () => {
    const ending = await attempt(soon({ timeoutMs: 10 }), {
      harness: harness(uponAbort),
      clock: wallClock,
      signal: never,
    })
    expect(ending).toMatchObject({
      failure: { kind: 'timeout', message: 'it did not end within 0.01 s' },
      lost: false,
    })
  })

  test('does not hang on an agent that does not stop, and says that it is lost', async () => {
    const deaf = harness(() => new Promise(() => undefined))
    const ending = await attempt(soon({ timeoutMs: 5 }), {
      harness: deaf,
      clock: wallClock,
      signal: never,
      grace: 5,
    })
    expect(ending.lost).toBe(true)
    expect(ending.failure?.message).toContain('did not stop when told to')
  })

  test.each(['before', 'while'])(
    'is cancelled when the run is interrupted %s it is at work',
    async (when) => {
      const interrupt = new AbortController()
      if (when === 'before') interrupt.abort()
      const running = attempt(job, {
        harness: harness(async (given) => (given.signal.aborted ? outcome('aborted') : uponAbort(given))),
        clock: wallClock,
        signal: interrupt.signal,
      })
      interrupt.abort()
      expect((await running).failure?.kind).toBe('cancelled')
    },
  )

  test('ends at once, for security, when the fence says stop', async () => {
    const stopping: Assignment = {
      ...job,
      authorize: async () => ({ allow: false, reason: 'secrets', stop: true }),
    }
    const nosy = harness(async (given) => {
      await given.authorize({ tool: 'Read', input: {} })
      return given.signal.aborted ? outcome('aborted') : outcome('done')
    })
    const ending = await attempt(stopping, { harness: nosy, clock: wallClock, signal: never })
    expect(ending.failure).toEqual({ kind: 'security', message: 'secrets' })
  })

  test('leaves no timer behind', async () => {
    let asleep = 0
    const clock: Clock = {
      now: () => 0,
      sleep: (_, signal) =>
        new Promise((resolve) => {
          asleep++
          signal.addEventListener('abort', () => resolve(--asleep < 0))
        }),
    }
    await attempt(job, { harness: harness(async () => outcome('done')), clock, signal: never })
    expect(asleep).toBe(0)
  })

  test('stops an agent that gives no sign of life, but not one that waits for a tool', async () => {
    const silent = await attempt(soon({ stallMs: 30 }), {
      harness: harness(uponAbort),
      clock: wallClock,
      signal: never,
    })
    expect(silent.failure).toEqual({ kind: 'timeout', message: 'it gave no sign of life for 0.03 s' })
    const busy = harness(async ({ onEvent, signal }) => {
      onEvent({ t: 'call', id: 'c1', tool: 'Bash', input: {} })
      await wallClock.sleep(150, signal)
      onEvent({ t: 'result', id: 'c1', tool: 'Bash', ok: true, text: '' })
      return outcome(signal.aborted ? 'aborted' : 'done')
    })
    const ending = await attempt(soon({ stallMs: 30 }), { harness: busy, clock: wallClock, signal: never })
    expect(ending.failure).toBeNull()
  })

  test('names the model that could not be had, prices each request, and adds up by model', async () => {
    const request = { model: 'm', input: 10, output: 1, cacheRead: 0, cacheWrite: 0 }
    const gone = harness(async () =>
      outcome('api-error', { isModelLost: true, message: 'no such model', usage: [request, request] }),
    )
    const costOf = ({ input }: { readonly input: number }) => input / 100
    const ending = await attempt({ ...job, costOf }, { harness: gone, clock: wallClock, signal: never })
    expect(ending).toMatchObject({
      failure: { kind: 'api', message: 'no such model', lostModel: 'm' },
      spent: { usage: [{ model: 'm', input: 20, output: 2 }], usd: 0.2 },
    })
  })
})

test('wallClock.sleep() tells whether the time has passed', async () => {
  expect(await wallClock.sleep(1, never)).toBe(true)
  expect(await wallClock.sleep(60_000, AbortSignal.abort())).toBe(false)
  expect(await wallClock.sleep(60_000, AbortSignal.timeout(5))).toBe(false)
})

test('verdictOn() lets success stand, and security outweigh a report of failure', () => {
  const timeout = { kind: 'timeout', message: 'late' } as const
  const security = { kind: 'security', message: 'secrets' } as const
  const failed = { status: 'failed', handoff: handoff(), reason: 'no room' } as const
  expect(verdictOn({ status: 'done', handoff: handoff() }, timeout)).toBeNull()
  expect(verdictOn({ status: 'not-needed', handoff: handoff() }, security)).toBeNull()
  expect(verdictOn(failed, timeout)).toEqual({ kind: 'self-reported', message: 'no room' })
  expect(verdictOn(failed, security)).toBe(security)
  expect(verdictOn(undefined, timeout)).toBe(timeout)
  expect(verdictOn(undefined, null)).toMatchObject({ kind: 'no-report' })
})

test('failureOf() keeps what the harness said', () => {
  expect(failureOf(outcome('api-error', { message: '503' }), 'm')).toEqual({ kind: 'api', message: '503' })
})

test('isRetried() counts failures, and never retries a security stop', () => {
  const of = (kind: 'crash' | 'security' | 'cancelled', before: number) =>
    isRetried({ kind, message: '' }, before, 2)
  expect([of('crash', 0), of('crash', 1), of('security', 0), of('cancelled', 1)]).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('backoffOf() is capped', () => {
  expect(backoffOf({ kind: 'rate-limit', message: '' }, { failures: 20, random: 1 })).toBe(30_000)
  expect(backoffOf({ kind: 'crash', message: '' }, { failures: 20, random: 1 })).toBe(0)
})
