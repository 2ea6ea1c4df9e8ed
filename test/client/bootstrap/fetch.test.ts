import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { fetchBytes } from '../../../client/bootstrap/fetch.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const signal = new AbortController().signal
const quick = { signal, pauseMs: 1 }

/** Answers with each status in turn, then with 200. */
function answering(...statuses: number[]): {
  readonly listener: RequestListener
  readonly asked: () => number
} {
  let asked = 0
  const listener: RequestListener = (_, response) => {
    response.statusCode = statuses[asked] ?? 200
    asked += 1
    response.end('body')
  }
  return { listener, asked: () => asked }
}

test('fetchBytes() answers body and headers, unpacked', async () => {
  const base = await serve((_, response) => {
    response.setHeader('mill-channel', 'dev').setHeader('content-encoding', 'br')
    response.end(brotliCompressSync('plain'))
  })
  const { bytes, headers } = await fetchBytes(`${base}/x`, { base, ...quick })
  expect(Buffer.from(bytes).toString()).toBe('plain')
  expect(headers.get('mill-channel')).toBe('dev')
})

test.each([500, 503, 429])('fetchBytes() asks again after %i, three times in all', async (status) => {
  const twice = answering(status, status)
  const base = await serve(twice.listener)
  await fetchBytes(`${base}/x`, { base, ...quick })
  expect(twice.asked()).toBe(3)
  const always = answering(status, status, status)
  const other = await serve(always.listener)
  const failed = fetchBytes(`${other}/x`, { base: other, ...quick })
  await expect(failed).rejects.toMatchObject({
    code: 'run/server-failed',
    message: expect.stringContaining(`${status}`),
  })
  expect(always.asked()).toBe(3)
})

test('fetchBytes() asks once for what is not there', async () => {
  const missing = answering(404)
  const base = await serve(missing.listener)
  await expect(fetchBytes(`${base}/x`, { base, ...quick })).rejects.toMatchObject({ code: 'run/not-served' })
  expect(missing.asked()).toBe(1)
})

test('fetchBytes() waits as long as Retry-After says, but not for ever', async () => {
  let asked: number[] = []
  let after = '1'
  const base = await serve((_, response) => {
    asked.push(Date.now())
    response.writeHead(asked.length === 1 ? 503 : 200, { 'retry-after': after }).end()
  })
  await fetchBytes(`${base}/x`, { base, ...quick })
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(900)
  for (after of ['3600', 'Fri, 31 Dec 2999 23:59:59 GMT']) {
    asked = []
    await expect(fetchBytes(`${base}/x`, { base, ...quick })).rejects.toMatchObject({
      code: 'run/server-failed',
    })
    expect(asked.length).toBe(1)
  }
})

test('fetchBytes() says how to start a server when none answers', async () => {
  const base = await serve(() => {})
  await new Promise((resolve) => servers.pop()?.close(resolve))
  await expect(fetchBytes(`${base}/x`, { base, ...quick })).rejects.toMatchObject({
    code: 'run/server-unreachable',
    message: expect.stringMatching(new RegExp(`"${base}".*ECONNREFUSED.*mill dev`)),
  })
})

test('fetchBytes() gives an attempt up that takes too long, be it head or body', async () => {
  let asked = 0
  const base = await serve((request, response) => {
    asked += 1
    if (request.url === '/body') response.write('x')
  })
  for (const path of ['head', 'body']) {
    asked = 0
    const late = fetchBytes(`${base}/${path}`, { base, ...quick, timeoutMs: 50 })
    await expect(late).rejects.toMatchObject({
      code: 'run/too-slow',
      message: expect.stringMatching(/(no answer|not all of it came) within 50 ms/),
    })
    expect(asked).toBe(3)
  }
})

test('fetchBytes() asks again when the connection is cut in the middle', async () => {
  let asked = 0
  const base = await serve((_, response) => {
    asked += 1
    response.writeHead(200, { 'content-length': 4 })
    if (asked > 1) response.end('body')
    else response.write('bo', () => response.destroy())
  })
  expect((await fetchBytes(`${base}/x`, { base, ...quick })).bytes).toHaveLength(4)
  expect(asked).toBe(2)
})

test('fetchBytes() stops reading a body without end, packed or not', async () => {
  const base = await serve((request, response) => {
    if (request.url === '/packed') {
      response.setHeader('content-encoding', 'br').end(brotliCompressSync(Buffer.alloc(3_000_000)))
      return
    }
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
    }
    response.on('drain', more)
    more()
  })
  for (const path of ['endless', 'packed']) {
    const refused = fetchBytes(`${base}/${path}`, { base, ...quick, maxBytes: 1_000_000 })
    await expect(refused).rejects.toMatchObject({ code: 'run/too-large' })
  }
})

test('fetchBytes() follows a redirect on the origin and none off it', async () => {
  let strayed = 0
  const elsewhere = await serve((_, response) => {
    strayed += 1
    response.end('evil')
  })
  const base = await serve((request, response) => {
    const to = { '/near': '/end', '/far': `${elsewhere}/x`, '/round': '/round', '/odd': 'http://' }[
      request.url ?? ''
    ]
    if (to === undefined) response.end('end')
    else response.writeHead(302, { location: to }).end()
  })
  const get = (path: string) => fetchBytes(`${base}${path}`, { base, ...quick })
  expect(Buffer.from((await get('/near')).bytes).toString()).toBe('end')
  await expect(get('/far')).rejects.toMatchObject({ code: 'run/foreign-url' })
  await expect(get('/odd')).rejects.toMatchObject({ code: 'run/foreign-url' })
  await expect(get('/round')).rejects.toMatchObject({ code: 'run/not-served' })
  await expect(fetchBytes(`${elsewhere}/x`, { base, ...quick })).rejects.toMatchObject({
    code: 'run/foreign-url',
  })
  expect(strayed).toBe(0)
})

test('fetchBytes() ends with the reason of its signal, in a request and in a pause', async () => {
  const stop = new AbortController()
  const base = await serve((request, response) => {
    if (request.url === '/pause') response.writeHead(503, { 'retry-after': '20' }).end()
  })
  const waits = ['hang', 'pause'].map((path) => fetchBytes(`${base}/${path}`, { base, signal: stop.signal }))
  const ended = Promise.allSettled(waits)
  setTimeout(() => stop.abort(new Error('SIGINT')), 50)
  for (const end of await ended)
    expect(end).toMatchObject({ status: 'rejected', reason: { message: 'SIGINT' } })
  await expect(fetchBytes(`${base}/x`, { base, signal: stop.signal })).rejects.toThrow('SIGINT')
})
