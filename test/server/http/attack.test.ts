import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createApp, routesOf } from '../../../server/http/app.ts'
import { listen } from '../../../server/http/listen.ts'
import { raw, rawGet } from '../raw.ts'
import { contentFolder, scratch } from '../scratch.ts'
import { running } from '../serving.ts'

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL', 'PURGE']

/** What pages of others can make a browser say. */
const FORGED = [
  'Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\nContent-Type: application/json',
  'Origin: null\r\nContent-Type: text/plain',
  'Origin: http://localhost.evil.example\r\nContent-Type: application/x-www-form-urlencoded',
  'Referer: http://evil.example/\r\nContent-Type: multipart/form-data; boundary=x',
  'Sec-Fetch-Site: same-site\r\nContent-Type: application/json',
  'Origin: http://localhost:1\r\nContent-Type: application/json',
  'X-HTTP-Method-Override: DELETE\r\nContent-Type: text/plain',
  'Access-Control-Request-Method: POST\r\nOrigin: http://evil.example',
]

test('no route of the router changes anything, whatever the method and whoever asks', {
  timeout: 60_000,
}, async () => {
  const server = await running(contentFolder())
  const before = JSON.stringify(await server.channels())
  const host = `Host: localhost:${server.port}\r\nConnection: close\r\nContent-Length: 2\r\n`
  const failures: string[] = []
  const routes = routesOf(server.state)
  expect(routes.length).toBeGreaterThan(15)
  for (const { path } of routes) {
    const asks = [
      ...METHODS.map((method) => [method, FORGED[0]]),
      ...FORGED.map((forged) => ['POST', forged]),
    ]
    const url = path.replaceAll(/\{.*?\}/g, '').replaceAll(/:\w+/g, 'x')
    await Promise.all(
      asks.map(async ([method, forged]) => {
        const { status, text } = await raw(
          server.port,
          `${method} ${url} HTTP/1.1\r\n${host}${forged}\r\n\r\n{}`,
        )
        if (status !== 405 || /access-control-/i.test(text)) failures.push(`${status} ${method} ${path}`)
      }),
    )
  }
  expect(failures).toEqual([])
  expect(JSON.stringify(await server.channels())).toBe(before)
})

test('every reply tells browsers to keep to themselves', async () => {
  const server = await running(contentFolder())
  for (const { path } of routesOf(server.state)) {
    if (path === '/events') continue
    const url = path.replaceAll(/\{.*?\}/g, '').replaceAll(/:\w+/g, 'x')
    const { headers } = await server.get(url, { Origin: 'http://evil.example' })
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect([...headers.keys()].filter((name) => /^access-control-|^set-cookie$|^server$/.test(name))).toEqual(
      [],
    )
  }
})

test('listen() is heard on loopback only', async () => {
  if (!existsSync('/proc/net/tcp')) return
  const server = await listen(() => undefined, 0)
  onTestFinished(server.close)
  const port = server.port.toString(16).toUpperCase().padStart(4, '0')
  const LISTEN = '0A'
  const addresses = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${port}`))
      .map(([, local]) => local?.split(':')[0]),
  )
  expect(addresses.length).toBeGreaterThan(0)
  for (const address of addresses) expect(['0100007F', `${'0'.repeat(24)}01000000`]).toContain(address)
})

test('what is too long or too much is refused, and read no further', async () => {
  const { port } = await running(contentFolder())
  const host = `Host: localhost:${port}\r\n`
  const close = 'Connection: close\r\n'
  const status = async (bytes: string) => (await raw(port, bytes)).status
  expect(await status(`GET /${'x'.repeat(3_000)} HTTP/1.1\r\n${host}${close}\r\n`)).toBe(414)
  expect(await status(`GET /healthz?${'[a]'.repeat(1_000)} HTTP/1.1\r\n${host}${close}\r\n`)).toBe(414)
  expect(await status(`GET /healthz HTTP/1.1\r\n${host}${close}${'a: b\r\n'.repeat(99)}\r\n`)).toBe(431)
  expect(await status(`GET /healthz HTTP/1.1\r\n${host}${'a:\r\n'.repeat(3_000)}\r\n`)).toBe(431)
  expect(await status(`GET /healthz HTTP/1.1\r\n${'a: b\r\n'.repeat(2_100)}${host}${host}${close}\r\n`)).toBe(
    400,
  )
  // The connection is closed on a body, which nobody reads: neither a bomb nor a request that hides in it.
  const bomb = gzipSync(Buffer.alloc(1_000_000)).toString('latin1')
  const body = `Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n${bomb}`
  expect(await status(`POST /channels HTTP/1.1\r\n${host}${body}`)).toBe(405)
  const hidden = `GET /healthz HTTP/1.1\r\n${host}\r\n`
  const { text } = await raw(
    port,
    `GET /channels HTTP/1.1\r\n${host}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
  )
  expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1)
})

/** What a client says first, and then again and again. */
const IDLERS: Readonly<Record<string, readonly [first: string, then: string]>> = {
  'never speaks': ['', ''],
  'never begins a line': ['G', ''],
  'never finishes its headers': ['GET / HTTP/1.1\r\nHost: x\r\n', 'X: y\r\n'],
  'never finishes a body': ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n', 'x'],
  'never finishes a chunk': ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n', 'x'],
}

test('who never comes to an end is cut, and others are answered meanwhile', async () => {
  const { port } = await listening()
  const kinds = Object.entries(IDLERS).flatMap(([kind, words]) => Array(100).fill({ kind, words }))
  const clients = await Promise.all(
    kinds.map(async ({ kind, words: [first, then] }) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(first)
      const dripping = setInterval(() => socket.writable && socket.write(then), 500)
      return { kind, cut: isCut(socket).finally(() => clearInterval(dripping)) }
    }),
  )
  for (let one = 0; one < 20; one += 1) expect((await rawGet(port, '/healthz')).status).toBe(200)
  const borne: string[] = []
  for (const { kind, cut } of clients) if (!(await cut)) borne.push(kind)
  expect(borne).toEqual([])
})

/** False when a server bears a client for ten seconds. */
function isCut(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      socket.destroy()
      resolve(false)
    }, 10_000)
    socket.resume().once('close', () => {
      clearTimeout(late)
      resolve(true)
    })
  })
}

async function listening() {
  const app = createApp(
    {
      ...{ root: 'dev', channel: () => undefined, channels: () => [], release: async () => undefined },
      experiments: (await running(contentFolder())).state.experiments,
    },
    { onBug: () => undefined },
  )
  const server = await listen(app, 0)
  onTestFinished(server.close)
  return server
}

test('a store that is gone costs nobody more than the file that is not in memory', async () => {
  const store = scratch()
  const server = await running(contentFolder(), { store })
  rmSync(store, { recursive: true })
  expect((await server.get('/agent-menu.json')).status).toBe(200)
  const { status, text } = await rawGet(server.port, `/v/${'a'.repeat(64)}/agent-menu.json`)
  expect(status).toBe(404)
  expect(text).not.toContain(store)
  expect(server.bugs).toEqual([])
})

test('mill serve says nothing of being ready when its port is taken', async () => {
  const { port } = await listening()
  const mill = join(import.meta.dirname, '../../../bin/mill.js')
  const words = [mill, 'serve', '--content', contentFolder(), '--store', scratch(), '--port', String(port)]
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
    (resolve) => {
      execFile(process.execPath, words, (error, stdout, stderr) =>
        resolve({ code: error?.code, stdout, stderr }),
      )
    },
  )
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain(`error serve/port-taken: Cannot listen on port ${port}`)
})
