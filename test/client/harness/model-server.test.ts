import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ModelServer, modelServer } from './model-server.ts'
import { transcriptFault } from './transcript.ts'

const body = (messages: readonly object[], more: object = {}) => ({
  model: 'm',
  max_tokens: 2000,
  messages: messages as never,
  ...more,
})
const user = (...content: readonly object[]) => ({ role: 'user', content })
const assistant = (...content: readonly object[]) => ({ role: 'assistant', content })
const text = (value: string) => ({ type: 'text', text: value })
const use = (id: string) => ({ type: 'tool_use', id, name: 'Write', input: {} })
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })
const thought = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature })
const thinking = { thinking: { type: 'enabled', budget_tokens: 1024 } }

describe('transcriptFault()', () => {
  const asked = user(text('go'))
  test.each([
    [[asked], {}],
    [[asked, assistant(use('1'), use('2')), user(result('2'), result('1'), text('more'))], {}],
    [[asked, assistant(thought('mine'), use('1')), user(result('1'))], thinking],
    [[asked, assistant(text('hi')), user(text('go on'))], thinking],
    [[asked, { role: 'system', content: 'by the way' }], {}],
  ])('takes %j', (messages, more) => {
    expect(transcriptFault(body(messages, more), new Set(['mine']))).toBeUndefined()
  })

  test.each([
    [[], {}, 'at least one message'],
    [[assistant(text('hi')), asked], {}, 'first message'],
    [[{ role: 'system', content: 'first' }, asked], {}, 'first message'],
    [[asked, assistant(text('hi'))], {}, 'must end with a user message'],
    [[asked, assistant(use('1')), user(text('no answer'))], {}, 'without `tool_result`'],
    [[asked, assistant(use('1')), user(result('2'))], {}, 'without `tool_result`'],
    [[asked, assistant(use('1')), user(result('1'), result('2'))], {}, 'unexpected `tool_use_id`'],
    [[asked, assistant(use('1')), user(result('1'), result('1'))], {}, 'a single result'],
    [[asked, assistant(use('1')), user(text('first'), result('1'))], {}, 'must come first'],
    [[user(result('1'))], {}, 'unexpected `tool_use_id`'],
    [[asked, assistant(use('1')), user(result('1')), assistant(use('1')), user(result('1'))], {}, 'unique'],
    [[user(text(' '))], {}, 'non-empty'],
    [[asked, assistant(use('1')), user(result('1'))], thinking, 'Expected `thinking`'],
    [[asked, assistant(thought('forged'), use('1')), user(result('1'))], thinking, 'Invalid `signature`'],
    [[asked], { thinking: { type: 'enabled', budget_tokens: 2000 } }, 'must be greater'],
    [[asked], { tools: [{ name: 'a b', input_schema: { type: 'object' } }] }, 'no usable name'],
    [[asked], { max_tokens: 0 }, 'max_tokens'],
  ])('refuses %j %j', (messages, more, why) => {
    expect(transcriptFault(body(messages, more), new Set(['mine']))).toContain(why)
  })
})

describe('modelServer()', () => {
  let server: ModelServer
  beforeEach(async () => {
    server = await modelServer(({ turn }) =>
      turn === 0
        ? { calls: [{ tool: 'Write', input: { a: 'b' } }] }
        : { fault: { status: 429, retryAfter: 7 } },
    )
  })
  afterEach(() => server.close())
  const post = (
    messages: readonly object[],
    { key = 'scripted-key', ...more }: { key?: string } & object = {},
  ) =>
    fetch(`${server.base}/v1/messages?beta=true`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(body(messages, more)),
    })

  test('streams a turn in pieces, under the name the tool was offered by', async () => {
    const tools = [{ name: 'mcp__mill__Write', input_schema: { type: 'object' } }]
    const answer = await (await post([user(text('go'))], { stream: true, tools } as object)).text()
    const events = [...answer.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data))
    expect(events.at(0).message.usage).toMatchObject({ input_tokens: 1000, output_tokens: 1 })
    expect(events.find(({ type }) => type === 'content_block_start').content_block).toMatchObject({
      type: 'tool_use',
      name: 'mcp__mill__Write',
    })
    const pieces = events.flatMap(({ delta }) => delta?.partial_json ?? [])
    expect([pieces.length, JSON.parse(pieces.join(''))]).toEqual([2, { a: 'b' }])
    expect(events.at(-2).usage).toEqual({ output_tokens: 100 })
  })

  test('answers faults with their status, and keeps account of what it was asked', async () => {
    expect((await post([user(text('go'))], { key: 'another' })).status).toBe(401)
    expect((await post([assistant(text('hi'))])).status).toBe(400)
    const limited = await post([user(text('go')), assistant(text('hi')), user(text('on'))])
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
    await fetch(server.base, { method: 'HEAD' })
    expect([server.journal.length, server.refusals.length, server.strays]).toEqual([1, 1, ['HEAD /']])
  })
})
