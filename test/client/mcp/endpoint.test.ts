import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Admission, type McpEndpoint, mcpEndpoint } from '../../../client/mcp/endpoint.ts'
import { type Attempt, attemptOf } from './attempt-toolbox.ts'
import { callOf, raw } from './raw.ts'

let endpoint: McpEndpoint
const clients: Client[] = []
beforeEach(async () => {
  endpoint = await mcpEndpoint()
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await endpoint.close()
})

async function connected({ url, bearer }: Admission): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  clients.push(client)
  const requestInit = { headers: { authorization: `Bearer ${bearer}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }) as Transport)
  return client
}

function admitted(name = 'one', attempt: Attempt = attemptOf(name)) {
  return { ...attempt, admission: endpoint.admit(attempt.toolbox) }
}

describe('mcpEndpoint() with the client of the SDK', () => {
  test('lists the tools with their schemas, and calls them', async () => {
    const { admission, ran } = admitted()
    const client = await connected(admission)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      'enqueue_task',
      'read_handoffs',
      'ask_user',
      'complete_task',
    ])
    expect(tools[0]).toMatchObject({
      description: 'enqueue_task of one',
      inputSchema: { type: 'object', additionalProperties: false },
    })
    expect(await client.callTool({ name: 'enqueue_task', arguments: { text: 'hi' } })).toEqual({
      content: [{ type: 'text', text: 'one says {"text":"hi"}' }],
      isError: false,
    })
    expect(ran).toEqual(['enqueue_task'])
  })

  test('tells errors, refusals and unknown tools as errors that the model sees', async () => {
    const denied = attemptOf('one', {
      authorize: ({ tool }) =>
        tool === 'enqueue_task' ? { allow: false, reason: 'Cannot use it' } : { allow: true },
    })
    const { admission, ran } = admitted('one', denied)
    const client = await connected(admission)
    for (const [name, text] of [
      ['read_handoffs', 'Cannot read: there is nothing'],
      ['enqueue_task', 'Cannot use it'],
      ['Enqueue_task', 'Cannot use "Enqueue_task": there is no such tool here'],
      ['Write', 'Cannot use "Write": there is no such tool here'],
    ] as const) {
      expect(await client.callTool({ name, arguments: {} })).toEqual({
        content: [{ type: 'text', text }],
        isError: true,
      })
    }
    expect(ran).toEqual(['read_handoffs'])
  })

  test('takes nothing behind a report', async () => {
    const { admission, ran } = admitted()
    const client = await connected(admission)
    expect(await client.callTool({ name: 'complete_task', arguments: {} })).toMatchObject({ isError: false })
    expect(await client.callTool({ name: 'enqueue_task', arguments: {} })).toMatchObject({ isError: true })
    expect(ran).toEqual(['complete_task'])
  })

  test('keeps attempts apart, each with its own tools, also when they call at once', async () => {
    const attempts = ['one', 'two', 'three'].map((name) => admitted(name))
    const answers = await Promise.all(
      attempts.map(async ({ admission }) => {
        const client = await connected(admission)
        return client.callTool({ name: 'enqueue_task', arguments: {} })
      }),
    )
    expect(answers.map(({ content }) => content)).toMatchObject([
      [{ text: 'one says {}' }],
      [{ text: 'two says {}' }],
      [{ text: 'three says {}' }],
    ])
  })

  test.each(['the admission is closed', 'the attempt is told to stop'])(
    'a call under way ends when %s, and the next is answered 410',
    async (how) => {
      const { admission, ran, stop } = admitted()
      const client = await connected(admission)
      const waiting = client.callTool({ name: 'ask_user', arguments: {} })
      await expect.poll(() => ran).toEqual(['ask_user'])
      if (how === 'the admission is closed') admission.close()
      else stop.abort()
      expect(await waiting).toMatchObject({ isError: true, content: [{ text: 'told to stop' }] })
      expect((await raw(admission)).status).toBe(410)
      await expect(client.callTool({ name: 'enqueue_task', arguments: {} })).rejects.toThrow('over')
      expect(ran).toEqual(['ask_user'])
    },
  )

  test('who hangs up stops the call', async () => {
    const stopped = Promise.withResolvers<void>()
    const attempt = attemptOf('one')
    const admission = endpoint.admit({
      ...attempt.toolbox,
      call: async (_, signal) => {
        signal.addEventListener('abort', () => stopped.resolve())
        await stopped.promise
        return { ok: false, text: '' }
      },
    })
    const leaving = new AbortController()
    const { url, bearer } = admission
    const asked = fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: callOf('ask_user'),
      signal: leaving.signal,
    })
    setTimeout(() => leaving.abort(), 50)
    await asked.then((response) => response.text()).catch(() => undefined)
    await stopped.promise
  })
})
