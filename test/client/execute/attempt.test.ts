import { describe, expect, test } from 'vitest'
import { type Clock, wallClock } from '../../../client/clock.ts'
import { type Assignment, attempt } from '../../../client/execute/attempt.ts'
import type { AgentHarness, AgentJob, AgentOutcome, EndReason } from '../../../client/harness/harness.ts'

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
const named: AgentHarness['models'] = { kind: 'named', profile: 'sdk' }
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

  test('waits two seconds, and no longer, for a deaf agent of a run that is interrupted', async () => {
    for (const isLate of [false, true]) {
      const interrupt = new AbortController()
      const asked: number[] = []
      // Time passes for whoever waits two seconds, or for the time limit of the agent that is late already.
      const clock: Clock = {
        now: () => 0,
        sleep: async (ms, signal) => {
          asked.push(ms)
          if (ms === 2000 || (isLate && ms === job.limits.timeoutMs)) return !signal.aborted
          if (isLate && ms === 10_000) interrupt.abort()
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          return false
        },
      }
      const deaf = { ...harness(() => new Promise(() => undefined)), models: named }
      const running = attempt(soon({ stallMs: 50_000 }), { harness: deaf, clock, signal: interrupt.signal })
      if (!isLate) interrupt.abort()
      const { failure, lost, spent } = await running
      expect(lost).toBe(true)
      expect(failure?.kind).toBe(isLate ? 'timeout' : 'cancelled')
      expect(failure?.message).toContain('the agent did not stop when told to')
      expect(asked).toContain(2000)
      // Nobody will ever know.
      expect(spent).toMatchObject({ usage: [{ model: 'm', input: 0, isCut: true }], usd: 0 })
    }
  })

  test('says that an agent is lost whose harness says so, and counts what it told', async () => {
    const used = { model: 'm', input: 10, output: 1, cacheRead: 0, cacheWrite: 0 }
    const given = outcome('aborted', { isLost: true, usage: [used] })
    const signal = AbortSignal.abort()
    const ending = await attempt(job, { harness: harness(async () => given), clock: wallClock, signal })
    expect(ending).toMatchObject({ lost: true, failure: { kind: 'cancelled' }, spent: { usage: [used] } })
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
