import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** How it answers once it has read a request. */
export type Manner = (response: ServerResponse, request: IncomingMessage) => void

export interface CaptureServer {
  readonly base: string
  /** All that came in: method, address, headers and decoded body of each request. */
  readonly wire: () => string
  /** Bodies that came to an address, parsed. */
  readonly bodies: (path: string) => readonly unknown[]
  readonly close: () => Promise<void>
}

const take: Manner = (response) => void response.setHeader('content-type', 'application/json').end('{}')

/** A loopback server that takes whatever is sent and keeps it. */
export async function captureServer(manner: Manner = take): Promise<CaptureServer> {
  const seen: { readonly head: string; readonly path: string; readonly body: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method, url = '', rawHeaders } = request
      const head = `${method} ${decodeURIComponent(url)} ${rawHeaders.join(' ')}`
      seen.push({ head, path: url, body: decoded(request, Buffer.concat(chunks)) })
      manner(response, request)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wire: () => seen.map(({ head, body }) => `${head}\n${body}`).join('\n'),
    bodies: (path) => seen.filter((one) => one.path === path).map(({ body }) => JSON.parse(body)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The body as text; what is in no form that is known here could hide anything, and is refused. */
function decoded({ headers }: IncomingMessage, bytes: Buffer): string {
  const { 'content-encoding': encoding = 'identity', 'content-type': type } = headers
  if (!['gzip', 'identity'].includes(encoding)) throw new Error(`cannot decode ${encoding}`)
  if (type !== 'application/json') throw new Error(`cannot read ${type}`)
  const text = (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString()
  // Escapes are undone, so that no letter of a text is written in another way.
  return JSON.stringify(JSON.parse(text))
}

/** Events in the bodies of a batch. */
export function eventsIn(server: CaptureServer): readonly PostedEvent[] {
  return server.bodies('/batch/').flatMap((body) => (body as { readonly batch: PostedEvent[] }).batch)
}

export interface PostedEvent {
  readonly event: string
  readonly distinct_id: string
  readonly timestamp: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** Spans in the bodies of traces. */
export function spansIn(server: CaptureServer): readonly PostedSpan[] {
  type Body = { resourceSpans: { scopeSpans: { spans: PostedSpan[] }[] }[] }
  return server
    .bodies('/v1/traces')
    .flatMap((body) => (body as Body).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}

export interface PostedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly events: readonly { readonly name: string }[]
}
