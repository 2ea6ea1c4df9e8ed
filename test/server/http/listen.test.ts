import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../server/http/listen.ts'
import { raw } from '../raw.ts'

test('listen() refuses a port that is taken on either address, and leaves neither open', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const taken = createServer()
    await new Promise<void>((resolve) => void taken.listen({ port: 0, host }, resolve))
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as AddressInfo
    await expect(listen(() => undefined, port)).rejects.toMatchObject({ code: 'serve/port-taken', exit: 1 })
    const other = host === '::1' ? '127.0.0.1' : '::1'
    await expect(raw(port, 'GET / HTTP/1.0\r\n\r\n', other)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  }
})

test('listen() shares its port with nobody, itself included', async () => {
  const server = await listen(() => undefined, 0)
  onTestFinished(server.close)
  await expect(listen(() => undefined, server.port)).rejects.toMatchObject({ code: 'serve/port-taken' })
})

test.runIf(process.platform === 'linux')('listen() lets many in at once who arrive at once', async () => {
  const perTurn: number[] = []
  let now = 0
  let left = 256
  const allIn = Promise.withResolvers<void>()
  const endTurn = () => {
    perTurn.push(now)
    now = 0
    if (left === 0) allIn.resolve()
  }
  const onConnection = () => {
    if (now === 0) setImmediate(endTurn)
    now += 1
    left -= 1
  }
  const server = await listen(() => undefined, 0, { onConnection })
  onTestFinished(server.close)
  const clients = Array.from({ length: left }, () => connect(server.port, '127.0.0.1'))
  await allIn.promise
  for (const client of clients) client.destroy()
  expect(Math.max(...perTurn)).toBeGreaterThan(8)
})

test('close() lets an open reply finish, and hears nobody new', async () => {
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<ServerResponse>()
  const server = await listen((_, response) => isAsked(response), 0)
  const reply = raw(
    server.port,
    `GET / HTTP/1.1\r\nHost: localhost:${server.port}\r\nConnection: close\r\n\r\n`,
  )
  const response = await asked
  const closed = server.close()
  await expect(raw(server.port, '')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  response.end('whole')
  expect((await reply).text).toContain('whole')
  await closed
})

test('close() lets a download that is under way come to its end', async () => {
  const size = 20_000_000
  const server = await listen((_, response) => void response.end(Buffer.alloc(size)), 0)
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  let read = 0
  socket.on('data', ({ length }) => {
    read += length
  })
  await once(socket, 'data')
  socket.pause()
  const [closed, ended] = [server.close(), once(socket, 'close')]
  await expect(raw(server.port, '')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(read).toBeLessThan(size)
  socket.resume()
  await Promise.all([closed, ended])
  expect(read).toBeGreaterThan(size)
})

test('close() cuts a reply that never ends', async () => {
  const server = await listen(() => undefined, 0)
  const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
  socket.on('error', () => undefined)
  const cut = new Promise((resolve) => socket.on('close', resolve))
  await new Promise((resolve) => setTimeout(resolve, 50))
  await server.close()
  await cut
})

test('close() does not wait for clients who might ask once more', async () => {
  const server = await listen((_, response) => void setTimeout(() => response.end('whole'), 100), 0)
  const busy = connect(server.port, '127.0.0.1', () => busy.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
  const idle = connect(server.port, '127.0.0.1')
  const cut = Promise.all(
    [busy, idle].map((socket) => new Promise((resolve) => socket.resume().on('close', resolve))),
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  const farewell = new Promise((_, reject) =>
    setTimeout(reject, 2_000, new Error('it waited for the farewell')),
  )
  await Promise.race([Promise.all([server.close(), cut]), farewell])
})

test('listen() cuts a client that leaves its reply unread, and not one that reads', async () => {
  const server = await listen((_, response) => void response.end(Buffer.alloc(30_000_000)), 0, {
    idleMs: 300,
  })
  onTestFinished(server.close)
  const ask = () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    return socket.on('error', () => undefined)
  }
  const idle = ask().pause()
  let read = 0
  await new Promise((resolve) =>
    ask()
      .on('data', ({ length }) => {
        read += length
      })
      .on('close', resolve),
  )
  expect(read).toBeGreaterThan(30_000_000)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  let rest = 0
  await new Promise((resolve) =>
    idle
      .on('data', ({ length }) => {
        rest += length
      })
      .on('close', resolve)
      .resume(),
  )
  expect(rest).toBeLessThan(30_000_000)
})

test('listen() cuts a client that reads a little now and then, and not one that takes its time', async () => {
  const size = 30_000_000
  const server = await listen((_, response) => void response.end(Buffer.alloc(size)), 0, {
    ...{ idleMs: 2_000, leastBytesPerSecond: 12_000_000 },
  })
  onTestFinished(server.close)
  /** Reads so much, rests so long, and so on; tells how much it was given. */
  const read = (bytes: number, restMs: number) =>
    new Promise<number>((resolve) => {
      let [length, rested] = [0, 0]
      const socket = connect(server.port, '127.0.0.1')
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      socket.on('error', () => undefined).on('close', () => resolve(length))
      socket.on('data', (chunk) => {
        length += chunk.length
        if (length - rested < bytes) return
        rested = length
        socket.pause()
        setTimeout(() => socket.resume(), restMs)
      })
    })
  const [trickling, taking] = await Promise.all([read(1, 40), read(10_000_000, 200)])
  expect(taking).toBeGreaterThan(size)
  expect(trickling).toBeLessThan(size)
}, 60_000)
