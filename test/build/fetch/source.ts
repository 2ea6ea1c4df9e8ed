import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Reply = (request: IncomingMessage, response: ServerResponse, count: number) => void

/** A real source of documents on a free port, which counts what it is asked for. */
export interface Source {
  readonly origin: string
  /** Paths asked for, in order. */
  readonly asked: string[]
  readonly close: () => Promise<void>
}

/** Starts a source that answers each path by its reply; `count` tells how often the path was asked for before. */
export async function startSource(replies: Readonly<Record<string, Reply>>): Promise<Source> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const count = asked.filter((before) => before === path).length
    asked.push(path)
    const reply = replies[path] ?? status(404)
    reply(request, response, count)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, asked, close: () => close(server) }
}

/** Answers text. */
export function text(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/markdown; charset=utf-8', ...headers }).end(body)
  }
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_, response) => {
    response.writeHead(code, headers).end()
  }
}

/** Answers one reply after another; the last one stays. */
export function inTurn(...replies: readonly Reply[]): Reply {
  return (request, response, count) =>
    replies[Math.min(count, replies.length - 1)]?.(request, response, count)
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
