import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ReadingLimits, tricklingReaders } from './readers.ts'
import { endlessSpeakers } from './speakers.ts'

/** How long a client may be of no use. */
export interface Patience extends ReadingLimits {
  /** Until a request has said all it has to say. */
  readonly requestMs: number
}

/** Clients, each with the last reply that it asked for. */
type Clients = ReadonlyMap<Socket, ServerResponse | undefined>

const CHECK_MS = 500
/** What one turn of the loop counts at most. */
const TURN_MS = 1_000

/**
 * Cuts clients who hold on to a connection and are of no use. Where the machine is short of time, what they said or
 * read may wait to be heard: a turn of the loop counts no more than a second, however long it takes, and whoever
 * seems idle is heard once more.
 */
export function watchClients(
  server: Server,
  clients: Clients,
  { requestMs, idleMs, leastBytesPerSecond }: Patience,
): { readonly close: () => void } {
  const isTrickling = tricklingReaders({ idleMs, leastBytesPerSecond })
  const isEndless = endlessSpeakers(requestMs)
  const heardMs = heardTime(() => performance.now())
  const check = () => {
    const now = heardMs()
    for (const [socket, reply] of clients) {
      if (isTrickling(socket, now)) socket.destroy()
      else if (isEndless(socket, reply, now)) refuse(socket)
    }
  }
  server.on('timeout', hearOnceMore)
  const timer = setInterval(check, Math.min(CHECK_MS, idleMs))
  return { close: () => clearInterval(timer) }
}

/** Milliseconds in which clients were heard, for whoever asks once in a turn of the loop. */
export function heardTime(now: () => number): () => number {
  let heard = 0
  let last = now()
  return () => {
    const at = now()
    heard += Math.min(at - last, TURN_MS)
    last = at
    return heard
  }
}

function refuse(socket: Socket): void {
  if (socket.writable) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
  socket.destroy()
}

/** Timers go off before anybody is heard, and this one may be late. */
function hearOnceMore(socket: Socket): void {
  const { bytesRead, writableLength } = socket
  setImmediate(() => {
    if (socket.bytesRead === bytesRead && socket.writableLength === writableLength) socket.destroy()
  })
}
