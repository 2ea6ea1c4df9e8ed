import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { MAX_EVENT_DIAGNOSTICS, type ServerEvent, serverEventSchema } from '../../../schemas/server-event.ts'
import type { Channel } from '../../../server/channels/channel.ts'
import { changeEvents } from '../../../server/http/events/change-events.ts'
import { type EventHub, openEventHub } from '../../../server/http/events/hub.ts'
import { openEventStreams, type StreamLimits } from '../../../server/http/events/streams.ts'
import { routerOf } from '../../../server/http/route.ts'
import { eventRoutes } from '../../../server/routes/events.ts'
import { fc } from '../../properties.ts'
import { emptyRelease } from '../empty-release.ts'
import { pointerTo } from '../pointer-to.ts'
import { eventually } from '../serving.ts'

const release = emptyRelease('ab'.repeat(32))
const pointer = pointerTo(release.id)
const live: Channel = { name: 'dev', branch: null, diagnostics: [], status: 'live', release, pointer }
const problem: Diagnostic = {
  ...{
    path: 'a\u202e.md',
    line: 1,
    column: 1,
    severity: 'error',
    code: 'parse/x',
    message: 'Cannot \u200b parse',
  },
  fix: { description: 'Do \u2028 it', replacement: '\u202e' },
}
const torn: Channel = { ...live, status: 'stale', diagnostics: [problem] }
const types = (events: readonly ServerEvent[]) => events.map(({ type }) => type)

test('changeEvents() tells what is another than before, and nothing else', () => {
  const told = (before: Channel | undefined, after: Channel) => {
    const events = changeEvents({ before, after, tree: undefined })
    for (const event of events) serverEventSchema.parse(event)
    return types(events)
  }
  expect(told(undefined, live)).toEqual(['build', 'publish', 'channel'])
  expect(told(live, live)).toEqual(['build'])
  expect(told(live, { ...live, pointer: { ...pointer, serial: 2 } })).toEqual(['build', 'publish'])
  expect(told(live, torn)).toEqual(['build', 'diagnostics', 'channel'])
  expect(told(torn, live)).toEqual(['build', 'diagnostics', 'channel'])
  expect(told(live, { ...live, status: 'retired' })).toEqual(['build', 'channel'])
  expect(told(undefined, { name: 'dev', branch: null, diagnostics: [], status: 'empty' })).toEqual([
    'build',
    'channel',
  ])
})

test('changeEvents() writes hidden characters out, and tells of so many findings and no more', () => {
  const after = { ...torn, branch: 'experiment/\u202e', diagnostics: Array(300).fill(problem) }
  const events = changeEvents({ before: live, after, tree: undefined })
  expect(JSON.stringify(events)).not.toMatch(/[\u202e\u200b\u2028]/)
  const findings = events.find((event) => event.type === 'diagnostics')
  expect(findings).toMatchObject({ total: 300 })
  expect(findings?.diagnostics).toHaveLength(MAX_EVENT_DIAGNOSTICS)
})

const reset = { type: 'reset' } as const

test('since() tells exactly what was missed, or that too much was', () => {
  const limits = { events: 5, characters: 10_000 }
  fc.assert(
    fc.property(fc.nat(20), fc.nat(25), (total, seen) => {
      const hub = openEventHub({ epoch: 'e', limits })
      for (let one = 0; one < total; one += 1) hub.tell([reset])
      const ids = [...hub.since(`e-${seen}`).matchAll(/^id: e-(\d+)$/gm)].map(([, id]) => Number(id))
      const isKept = seen <= total && seen >= total - limits.events
      const missed = Array.from({ length: Math.max(0, total - seen) }, (_, at) => seen + 1 + at)
      expect(ids).toEqual(isKept ? missed : [total])
    }),
  )
})

test('since() does not take the id of another process, or no id, for one of its own', () => {
  const hub = openEventHub({ epoch: 'e' })
  hub.tell([reset])
  for (const id of ['f-1', 'e-', 'e-1.5', 'e--1', '1', '', 'e-1e0x'])
    expect(hub.since(id)).toContain('event: reset')
  expect(hub.since('e-1')).toBe('')
  expect(hub.since(undefined)).toBe('id: e-1\n\n')
})

test('the hub forgets what is too large to keep', () => {
  const hub = openEventHub({ epoch: 'e', limits: { events: 100, characters: 500 } })
  for (let one = 0; one < 100; one += 1) hub.tell([reset])
  expect(hub.since('e-0')).toContain('event: reset\nid: e-100')
  expect(hub.since('e-95').length).toBeLessThanOrEqual(500)
})

const LIMITS: StreamLimits = { streams: 2, heartbeatMs: 20, unreadBytes: 50_000 }

async function listening(hub: EventHub) {
  const ending = new AbortController()
  const streams = openEventStreams({ hub, signal: ending.signal, limits: LIMITS })
  const app = express()
  app.use(routerOf(eventRoutes(streams)))
  const server = createServer(app)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const open = (headers = '', method = 'GET') => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${method} /events HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
    socket.on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    return { socket, text: () => text }
  }
  return { open, streams, end: () => ending.abort() }
}

test('/events tells what happens, beats, and takes up where a client left', async () => {
  const hub = openEventHub({ epoch: 'e' })
  const { open } = await listening(hub)
  const first = open()
  await eventually(first.text, (text) => text.includes('id: e-0'))
  expect(first.text()).toMatch(/HTTP\/1\.1 200[\s\S]*content-type: text\/event-stream/i)
  expect(first.text()).toMatch(/retry: \d+\n/)
  hub.tell([{ type: 'build', channel: 'dev', status: 'live', errors: 0, warnings: 0 }])
  await eventually(first.text, (text) => /event: build\nid: e-1\ndata: \{.*\}\n\n/.test(text))
  await eventually(first.text, (text) => /^:$/m.test(text))
  first.socket.destroy()
  hub.tell([reset])
  const again = open('Last-Event-ID: e-1\r\n')
  await eventually(again.text, (text) => text.includes('id: e-2'))
  expect(again.text()).not.toContain('id: e-1\n')
})

test('/events refuses more clients than it can bear, and counts those who left', async () => {
  const { open, streams } = await listening(openEventHub({ epoch: 'e' }))
  const [one] = [open(), open()]
  await eventually(streams.count, (count) => count === 2)
  const third = open()
  await eventually(third.text, (text) => text.includes('events/busy'))
  expect(third.text()).toMatch(/^HTTP\/1\.1 503[\s\S]*Retry-After/i)
  one.socket.destroy()
  await eventually(streams.count, (count) => count === 1)
  await eventually(open('', 'HEAD').text, (text) => text.includes(' 200 '))
  expect(streams.count()).toBe(1)
})

test('/events cuts a client that does not read, and keeps the one that does', async () => {
  const hub = openEventHub({ epoch: 'e' })
  const { open, streams } = await listening(hub)
  const reading = open()
  const { socket } = open()
  await eventually(streams.count, (count) => count === 2)
  socket.pause()
  const diagnostics = Array(50).fill({ ...problem, message: 'x'.repeat(500), fix: undefined })
  const event = { type: 'diagnostics', channel: 'dev', total: 50, diagnostics } as const
  await eventually(
    () => {
      hub.tell([event])
      return streams.count()
    },
    (count) => count === 1,
  )
  hub.tell([reset])
  await eventually(reading.text, (text) => text.includes('event: reset'))
})

test('/events ends when the server does, and begins no more', async () => {
  const { open, streams, end } = await listening(openEventHub({ epoch: 'e' }))
  const client: { socket: Socket; text: () => string } = open()
  await eventually(streams.count, (count) => count === 1)
  const ended = once(client.socket, 'data').then(() =>
    eventually(client.text, (text) => text.endsWith('0\r\n\r\n')),
  )
  end()
  await ended
  const late = open()
  await eventually(late.text, (text) => text.includes('503'))
})
