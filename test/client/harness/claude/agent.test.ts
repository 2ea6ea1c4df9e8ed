import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { Agent } from '../../../../client/harness/claude/agent.ts'
import { readMessage } from '../../../../client/harness/claude/messages.ts'
import type { AgentJob } from '../../../../client/harness/harness.ts'
import { Desk } from '../desk.ts'

const init = { type: 'system', subtype: 'init', tools: ['mcp__mill__Write'], model: 'm' }
const request = [
  {
    type: 'stream_event',
    event: { type: 'message_start', message: { model: 'm', usage: { input_tokens: 9, output_tokens: 1 } } },
  },
  { type: 'stream_event', event: { type: 'message_delta', usage: { output_tokens: 5 } } },
]
const say = (...content: object[]) => ({ type: 'assistant', message: { content } })
const call = (id: string) => say({ type: 'tool_use', id, name: 'mcp__mill__Write', input: { a: 1 } })
const answer = (tool_use_id: string, is_error?: boolean) => ({
  type: 'user',
  message: {
    content: [{ type: 'tool_result', tool_use_id, is_error, content: [{ type: 'text', text: 'so' }] }],
  },
})
const result = (more: object = {}) => ({ type: 'result', subtype: 'success', is_error: false, ...more })
const retry = (error_status: number | null, retry_delay_ms: number) => ({
  ...{ type: 'system', subtype: 'api_retry', error_status, retry_delay_ms },
})

describe('Agent', () => {
  /** An agent that has heard messages of the SDK. */
  function heard(messages: readonly object[], more: Partial<AgentJob> = {}) {
    const desk = new Desk({ app: tmpdir(), flow: 'f', framework: null })
    const settled: string[] = []
    const job = desk.job('t1', 'one', more)
    const agent = new Agent({ job, onSettled: () => settled.push('settled') })
    for (const message of messages) {
      const read = readMessage(message)
      if (read) agent.hear(read)
    }
    return { agent, events: desk.events, settled, outcome: agent.outcome(1, 'last words\n') }
  }

  test('tells of calls and answers under our names and ids, in order, and of nothing else', () => {
    const noise = { type: 'system', subtype: 'status', status: 'requesting' }
    const { events, outcome, settled } = heard([
      ...[init, noise, ...request, say({ type: 'thinking', thinking: 'hm' }), call('x1'), call('x2')],
      ...[
        answer('x2', true),
        answer('x1'),
        answer('unheard-of'),
        say({ type: 'text', text: 'bye' }),
        result(),
      ],
    ])
    expect(events).toEqual([
      { t: 'start', tools: ['Write'], model: 'm' },
      { t: 'call', id: 'c1', tool: 'Write', input: { a: 1 } },
      { t: 'call', id: 'c2', tool: 'Write', input: { a: 1 } },
      { t: 'result', id: 'c2', tool: 'Write', ok: false, text: 'so' },
      { t: 'result', id: 'c1', tool: 'Write', ok: true, text: 'so' },
      { t: 'text', text: 'bye' },
    ])
    expect(outcome).toMatchObject({ end: 'done', turns: 1, usage: [{ input: 9, output: 5 }] })
    expect(settled).toEqual(['settled'])
  })

  test('counts what was told of an answer that was cut, and that there was more of it', () => {
    const [begun = {}] = request
    const cut = { model: 'm', input: 9, output: 1, cacheRead: 0, cacheWrite: 0, isCut: true }
    const whole = { model: 'm', input: 9, output: 5, cacheRead: 0, cacheWrite: 0 }
    expect(heard([begun, ...request, begun]).outcome.usage).toEqual([cut, whole, cut])
  })

  test('behind a report no call is told of, and the end is "done" whatever the program says last', () => {
    const { agent, events } = heard([call('x1')])
    agent.reported()
    for (const message of [call('x2'), result({ is_error: true, api_error_status: 500 })]) {
      agent.hear(readMessage(message) ?? expect.fail('unreadable'))
    }
    expect([events.length, agent.isClosed, agent.outcome(1, '').end]).toEqual([1, true, 'done'])
  })

  test('a budget is reached by what requests cost, and the work that was cut ends as "budget"', () => {
    const limits = { maxTurns: 9, timeoutMs: 9, stallMs: 9, maxUsd: 1 }
    const cut = result({ stop_reason: 'tool_use' })
    const paid = heard([...request, call('x1')], { limits, costOf: () => 0.5 })
    expect(paid.agent.isSpent).toBe(false)
    const spent = heard([...request, ...request, call('x1'), cut], { limits, costOf: () => 0.5 })
    expect([spent.agent.isSpent, spent.outcome.end]).toEqual([true, 'budget'])
    const ended = heard([...request, ...request, result({ stop_reason: 'end_turn' })], {
      limits,
      costOf: () => 1,
    })
    expect(ended.outcome.end).toBe('done')
  })

  test.each([
    [retry(401, 500), { end: 'auth' }],
    [retry(429, 30_000), { end: 'rate-limit', retryAfterMs: 30_000 }],
    [result({ is_error: true, api_error_status: 429 }), { end: 'rate-limit', retryAfterMs: 60_000 }],
  ])('%j ends it at once', (message, wanted) => {
    expect(heard([message]).outcome).toMatchObject(wanted)
  })

  test('a short wait is a retry and no end; a program that says nothing more has crashed', () => {
    const { events, outcome } = heard([retry(429, 2000), retry(null, 1)])
    expect(events).toEqual([{ t: 'retry', status: 429 }, { t: 'retry' }])
    expect(outcome).toMatchObject({ end: 'crash', message: 'last words' })
  })

  test('what the program itself says of a failed request is no text of the model', () => {
    const { events } = heard([{ ...say({ type: 'text', text: 'bad key' }), error: 'authentication_failed' }])
    expect(events).toEqual([])
  })
})
