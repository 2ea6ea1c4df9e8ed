import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ModelAnswer } from '../model-server.ts'
import { KEY } from './scripted-ai.ts'
import { agentOn, WIRES } from './wires.ts'

let app = ''
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'ends-'))
})
afterEach(() => rm(app, { recursive: true, force: true }))

const write = (file_path: string) => ({ tool: 'Write', input: { file_path, content: 'x' } })
const report = {
  tool: 'complete_task',
  input: { status: 'done', handoff: { goals: 'g', did: 'd', forNextAgent: 'n' } },
}
const done: ModelAnswer = { calls: [report] }
const fault = (status: number, more: object = {}): ModelAnswer => ({ fault: { status, ...more } })
const limits = { maxTurns: 9, timeoutMs: 9000, stallMs: 9000 }

describe.each(Object.keys(WIRES))('an agent of aiHarness() on the wire "%s"', (wire) => {
  test.each([
    { status: 400, ending: { end: 'api-error' } },
    { status: 401, ending: { end: 'auth' } },
    { status: 403, ending: { end: 'auth' } },
    { status: 404, message: 'model: no-such not found', ending: { end: 'api-error', isModelLost: true } },
    { status: 404, message: 'nothing here', ending: { end: 'api-error' } },
    {
      status: 403,
      message: 'The model gpt-x does not exist for you',
      ending: { end: 'api-error', isModelLost: true },
    },
    { status: 429, ending: { end: 'rate-limit' }, requests: 3 },
    { status: 429, retryAfter: 90, ending: { end: 'rate-limit', retryAfterMs: 90_000 } },
    { status: 429, message: 'insufficient_quota', ending: { end: 'auth' } },
    { status: 500, ending: { end: 'api-error' }, requests: 3 },
    { status: 529, ending: { end: 'api-error' }, requests: 3 },
  ])('ends as it should when it is answered with %j', async ({ ending, requests = 1, ...more }) => {
    const { status } = more
    const { outcome, wire: used, desk } = await agentOn({ wire, app }, [{ fault: more }])
    expect(outcome).toMatchObject({ ...ending, turns: 0, usage: [] })
    expect(outcome.isModelLost).toBe('isModelLost' in ending ? true : undefined)
    expect(used.asked).toHaveLength(requests)
    const retries = desk.events.filter(({ t }) => t === 'retry')
    expect(retries).toEqual(Array.from({ length: requests - 1 }, () => ({ t: 'retry', status })))
  })

  test.each([fault(500), fault(429, { retryAfter: 0 }), { fault: 'cut' }, { fault: 'garbage' }] as const)(
    'goes on when %j has passed, and does nothing twice',
    async (trouble) => {
      const answers = [trouble, { calls: [write('a.txt')] }, trouble, done]
      const { outcome, desk, wire: used } = await agentOn({ wire, app }, answers)
      expect(outcome).toMatchObject({ end: 'done', turns: 2 })
      expect(outcome.usage).toHaveLength(2)
      expect(desk.events.filter(({ t }) => t === 'call')).toHaveLength(2)
      expect(used.refusals).toEqual([])
    },
  )

  test.each(['cut', 'garbage'] as const)('ends as "api-error" when every answer is %s', async (trouble) => {
    const { outcome } = await agentOn({ wire, app }, [{ fault: trouble }])
    expect(outcome.end).toBe('api-error')
    expect(outcome.message).not.toBe('')
  })

  const told = { input: 700, output: 3, cacheRead: 40, cacheWrite: 0, isCut: true }
  test('counts what was told of an answer that broke off, and that there was more of it', async () => {
    const { outcome } = await agentOn({ wire, app }, [{ fault: 'cut-later' }, done])
    expect(outcome).toMatchObject({ end: 'done', turns: 1, usage: [told, { input: 1000, output: 100 }] })
    expect(outcome.usage[1]).not.toHaveProperty('isCut')
  })

  test('counts what was told before it was stopped', async () => {
    const stop = new AbortController()
    const onEvent = ({ t }: { readonly t: string }) => void (t === 'text' && stop.abort())
    const { outcome } = await agentOn({ wire, app }, [{ fault: 'hang-later' }], {
      ...{ signal: stop.signal, onEvent },
    })
    expect(outcome).toMatchObject({ end: 'aborted', usage: [told] })
  })

  test('ends as "budget" when an answer is cut off at its limit of tokens, and as "api-error" when it is refused', async () => {
    const cut = await agentOn({ wire, app }, [{ text: 'and then', stop: 'max_tokens' }])
    expect(cut.outcome).toMatchObject({ end: 'budget', turns: 1 })
    expect(cut.outcome.message).toContain('limit of tokens')
    const refused = await agentOn({ wire, app }, [{ text: 'no', stop: 'refusal' }])
    expect(refused.outcome).toMatchObject({ end: 'api-error' })
  })

  test('ends as "budget" once its requests cost what it may spend, and no request is made after that', async () => {
    const more = { limits: { ...limits, maxUsd: 0.2 }, costOf: () => 0.1 }
    const { outcome, wire: used } = await agentOn({ wire, app }, [{ calls: [write('a')] }], more)
    expect(outcome).toMatchObject({ end: 'budget', turns: 2 })
    expect(outcome.message).toContain('$0.2')
    expect(used.asked).toHaveLength(2)
  })

  test('is done by its report, even when that took its last turn and its last dollar', async () => {
    const more = { limits: { ...limits, maxTurns: 1, maxUsd: 0.1 }, costOf: () => 0.1 }
    expect((await agentOn({ wire, app }, [done], more)).outcome.end).toBe('done')
  })

  test('runs what one turn calls in order, and nothing behind the report', async () => {
    const calls = [write('a'), write('a/b'), write('c'), report, write('late')]
    const { outcome, desk } = await agentOn({ wire, app }, [{ calls }])
    const results = desk.events.filter((event) => event.t === 'result')
    expect(results.map(({ id, ok }) => [id, ok])).toEqual([
      ['c1', true],
      ['c2', false],
      ['c3', true],
      ['c4', true],
    ])
    expect([outcome.end, await readdir(app)]).toEqual(['done', ['a', 'c']])
  })

  test('lets calls that only look run at the same time', async () => {
    let running = 0
    let most = 0
    const slow = {
      name: 'read_handoffs',
      description: 'd',
      input: { type: 'object' },
      run: async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 20))
        running -= 1
        return 'read'
      },
    }
    const look = { tool: 'read_handoffs', input: {} }
    await agentOn({ wire, app }, [{ calls: [look, look, look] }, {}], { hostTools: [slow] })
    expect(most).toBe(3)
  })

  test('is told that a tool does not exist, or that its input cannot be read, and goes on', async () => {
    const calls = [
      { tool: 'Delete', input: {} },
      { tool: 'complete_task', input: 'no { object' },
    ]
    const { outcome, desk, wire: used } = await agentOn({ wire, app }, [{ calls }, done])
    const results = desk.events.filter((event) => event.t === 'result')
    expect(results.map(({ ok }) => ok)).toEqual([false, false, true])
    expect(results[0]?.text).toContain('no such tool')
    expect(used.refusals).toEqual([])
    expect(outcome.end).toBe('done')
  })

  test('shows its key to nobody, not in an event, a message or a result, and reads none from the environment', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'from-the-environment')
    vi.stubEnv('ANTHROPIC_API_KEY', 'from-the-environment')
    vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:1')
    const told = vi.spyOn(console, 'error')
    const env = { tool: 'Bash', input: { command: 'npm run env' } }
    const answers = [{ calls: [env] }, fault(401, { message: `Incorrect key ${KEY}` })]
    const { outcome, desk, wire: used } = await agentOn({ wire, app }, answers)
    expect(outcome).toMatchObject({ end: 'auth', message: 'Incorrect key (key)' })
    expect(JSON.stringify([outcome, desk.events])).not.toMatch(new RegExp(`${KEY}|from-the-environment`))
    expect(JSON.stringify(used.asked)).not.toContain('from-the-environment')
    expect(told).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })
})
