import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../server/http/listen.ts'
import { heardTime } from '../../../server/http/patience.ts'

test('heardTime() counts a turn of the loop as a second at most', () => {
  const moments = [0, 400, 900, 60_900, 61_000]
  const heard = heardTime(() => moments.shift() ?? 0)
  expect([heard(), heard(), heard(), heard()]).toEqual([400, 900, 1_900, 2_000])
})

test('listen() hears a client once more before it cuts it: it may have had no time to listen', async () => {
  const accepted = Promise.withResolvers<void>()
  const server = await listen((_, response) => void response.end('whole'), 0, {
    ...{ idleMs: 200, onConnection: () => accepted.resolve() },
  })
  onTestFinished(server.close)
  const socket = connect(server.port, '127.0.0.1')
  await Promise.all([once(socket, 'connect'), accepted.promise])
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  // Nothing in this process runs for longer than a client may be idle.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500)
  expect(String(Buffer.concat(await socket.toArray()))).toContain('whole')
})

test('listen() cuts a client that was answered and then never finishes its next request', async () => {
  const server = await listen((_, response) => void response.end('whole'), 0)
  onTestFinished(server.close)
  const socket = connect(server.port, '127.0.0.1').on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'data')
  socket.write('GET / HTTP/1.1\r\n')
  const dripping = setInterval(() => socket.writable && socket.write('X: y\r\n'), 500)
  onTestFinished(() => clearInterval(dripping))
  await new Promise((resolve) => socket.resume().on('close', resolve))
}, 60_000)

test('listen() answers nobody twice in a turn of the loop, however many ask', async () => {
  const clients = 1_200
  let [now, most] = [0, 0]
  const server = await listen((_, response) => {
    if (now === 0) {
      setImmediate(() => {
        most = Math.max(most, now)
        now = 0
      })
    }
    now += 1
    response.end('whole')
  }, 0)
  onTestFinished(server.close)
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const ask = () =>
    new Promise((resolve, reject) => {
      get({ agent, host: '127.0.0.1', port: server.port }, (reply) => reply.resume().once('end', resolve)).on(
        'error',
        reject,
      )
    })
  const client = async () => {
    for (let asked = 0; asked < 5; asked += 1) await ask()
  }
  await Promise.all(Array.from({ length: clients }, client))
  expect(most).toBeLessThanOrEqual(clients)
}, 60_000)
