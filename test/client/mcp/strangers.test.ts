import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type McpEndpoint, mcpEndpoint } from '../../../client/mcp/endpoint.ts'
import { attemptOf } from './attempt-toolbox.ts'
import { callOf, type Raw, raw } from './raw.ts'

let endpoint: McpEndpoint
beforeEach(async () => {
  endpoint = await mcpEndpoint()
})
afterEach(() => endpoint.close())

function admitted(name = 'one') {
  const attempt = attemptOf(name)
  return { ...attempt, admission: endpoint.admit(attempt.toolbox) }
}

describe('mcpEndpoint() to strangers', () => {
  test('a bearer opens its own attempt and nothing else', async () => {
    const one = admitted('one')
    const two = admitted('two')
    const elsewhere = await mcpEndpoint()
    const older = elsewhere.admit(attemptOf('older').toolbox)
    await elsewhere.close()
    const { bearer } = one.admission
    const wrong = [
      two.admission.bearer,
      older.bearer,
      '',
      'x'.repeat(43),
      `${bearer}x`,
      bearer.slice(0, -1),
      bearer.toUpperCase(),
      `${bearer} `.repeat(2).trim(),
      encodeURIComponent(`${bearer}=`),
    ].map((value) => `Bearer ${value}`)
    for (const authorization of [
      ...wrong,
      bearer,
      `Basic ${bearer}`,
      `Bearer  ${bearer}`,
      `Bearer\t${bearer}`,
    ]) {
      const { status, challenge } = await raw(one.admission, { headers: { authorization } })
      expect([authorization, status, challenge]).toEqual([authorization, 401, 'Bearer'])
    }
    expect((await raw(one.admission)).status).toBe(200)
    expect((await raw(one.admission, { headers: { authorization: `bearer ${bearer}` } })).status).toBe(200)
    expect(one.ran).toHaveLength(2)
    expect(two.ran).toEqual([])
  })

  test('an attempt that is over says so to its own bearer alone', async () => {
    const { admission, ran } = admitted()
    admission.close()
    expect((await raw(admission)).status).toBe(410)
    expect((await raw({ ...admission, bearer: 'x'.repeat(43) })).status).toBe(401)
    expect((await raw(admission, { path: '/attempts/2/mcp' })).status).toBe(401)
    expect(ran).toEqual([])
  })

  test('an attempt that ends while a request is still arriving takes nothing of it', async () => {
    const { admission, ran } = admitted()
    const { host, port, pathname } = new URL(admission.url)
    const body = callOf('enqueue_task')
    const socket = connect(Number(port), '127.0.0.1')
    const head = [
      `POST ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${admission.bearer}`,
      'Accept: application/json, text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 10)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    admission.close()
    socket.write(body.slice(10))
    let answer = ''
    for await (const chunk of socket) {
      answer += chunk
      if (answer.includes('jsonrpc')) break
    }
    expect(answer).toContain('This attempt is over')
    expect(ran).toEqual([])
  })

  test.each([
    ['another host', { headers: { host: 'evil.example' } }, 421],
    ['another port', { headers: { host: '127.0.0.1:1' } }, 421],
    ['no port', { headers: { host: '127.0.0.1' } }, 421],
    ['a host that begins alike', { headers: { host: 'localhost.evil.example:80' } }, 421],
    ['a web page', { headers: { origin: 'http://evil.example' } }, 403],
    ['a file in a browser', { headers: { origin: 'null' } }, 403],
    ['another path', { path: '/mcp' }, 404],
    ['a path above', { path: '/attempts/1/../2/mcp' }, 404],
    ['a number in another form', { path: '/attempts/01/mcp' }, 404],
    ['a query', { path: '/attempts/1/mcp?x' }, 404],
    ['GET', { method: 'GET' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
    ['PUT', { method: 'PUT' }, 405],
    ['OPTIONS', { method: 'OPTIONS' }, 405],
    ['no JSON', { body: 'hello' }, 400],
    ['JSON that is no message', { body: '{"name":"Write"}' }, 400],
    ['more messages than are read at once', { body: `[${Array(101).fill(callOf('enqueue_task'))}]` }, 400],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415],
    ['one who cannot hear', { headers: { accept: 'text/html' } }, 406],
    ['a body said to be huge', { headers: { 'content-length': '9000000' } }, 413],
  ])('refuses %s, and runs nothing', async (_, asked: Raw, status) => {
    const { admission, ran } = admitted()
    expect((await raw(admission, asked)).status).toBe(status)
    expect(ran).toEqual([])
  })

  test('refuses a body that turns out huge', async () => {
    const { admission, ran } = admitted()
    const body = callOf('enqueue_task').replace('{}', JSON.stringify({ text: 'x'.repeat(9_000_000) }))
    const answer = await raw(admission, { headers: { 'transfer-encoding': 'chunked' }, body }).catch(() => ({
      status: 413,
    }))
    expect(answer.status).toBe(413)
    expect(ran).toEqual([])
  })

  test('shows no bearer in any answer', async () => {
    const { admission } = admitted()
    const answers = await Promise.all([
      raw(admission, { headers: { host: 'x' } }),
      raw(admission, { path: '/' }),
      raw(admission, { body: `{"a":"${admission.bearer}` }),
      raw(admission, { headers: { authorization: `Bearer ${admission.bearer}x` } }),
    ])
    expect(answers.map(({ text }) => text).join()).not.toContain(admission.bearer)
  })
})
