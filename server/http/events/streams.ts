import type { Request, Response } from 'express'
import { FRESH, sendError } from '../reply.ts'
import type { EventHub } from './hub.ts'

/** Everyone who listens to `/events`. */
export interface EventStreams {
  readonly answer: (request: Request, response: Response) => void
  readonly count: () => number
}

export interface EventStreamsOptions {
  readonly hub: EventHub
  /** Ends every stream, and refuses new ones. */
  readonly signal: AbortSignal
  readonly limits?: StreamLimits
}

export interface StreamLimits {
  readonly streams: number
  readonly heartbeatMs: number
  /** What a client may leave unread. */
  readonly unreadBytes: number
}

const LIMITS: StreamLimits = { streams: 256, heartbeatMs: 10_000, unreadBytes: 1024 * 1024 }
const RETRY_MS = 1_000

/** Sends events to whoever asks. A client that does not keep up is cut; it comes back and is told what it missed. */
export function openEventStreams({ hub, signal, limits = LIMITS }: EventStreamsOptions): EventStreams {
  const open = new Map<Response, () => void>()
  signal.addEventListener('abort', () => {
    for (const response of open.keys()) response.end()
  })
  const begin = (response: Response, since: string | undefined) => {
    const send = (frame: string) => {
      response.write(frame)
      if (response.writableLength > limits.unreadBytes) response.destroy()
    }
    const heartbeat = setInterval(send, limits.heartbeatMs, ':\n\n')
    const unsubscribe = hub.subscribe(send)
    open.set(response, unsubscribe)
    response.on('close', () => {
      clearInterval(heartbeat)
      unsubscribe()
      open.delete(response)
    })
    send(`retry: ${RETRY_MS}\n\n${hub.since(since)}`)
  }
  return {
    answer: (request, response) => {
      if (signal.aborted || open.size >= limits.streams) {
        response.setHeader('Retry-After', '5')
        return sendError(response, 503, {
          code: 'events/busy',
          message: `Cannot open one more stream: expected at most ${limits.streams}, and a server that goes on`,
        })
      }
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
      response.setHeader(...FRESH)
      response.writeHead(200)
      if (request.method === 'HEAD') return void response.end()
      begin(response, request.get('last-event-id'))
    },
    count: () => open.size,
  }
}
