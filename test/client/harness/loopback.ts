/** What scripted model servers have in common: a real server on the loopback, JSON in, faults out. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a provider does when it does not answer as it should. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: number; readonly message?: string }
  /** Accepts the request and never answers. */
  | 'hang'
  /** Ends the connection in the middle of the answer. */
  | 'cut'
  /** Does so after it has told what it counted so far. */
  | 'cut-later'
  /** Tells what it counted so far and a long text, and nothing more. */
  | 'hang-later'
  /** Answers with something that is no answer. */
  | 'garbage'

export interface Loopback {
  /** `http://127.0.0.1:<port>` */
  readonly base: string
  readonly close: () => Promise<void>
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Listens on a port of its own. @param onError told what an answer met */
export async function loopback(
  answer: Answer,
  onError: (response: ServerResponse, message: string) => void,
): Promise<Loopback> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => onError(response, String(error)))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The body of a request, which is taken for what it should be. */
export async function bodyOf<Body>(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body
}

/** Refuses with a status, and may say for how long. */
export function sendJson(
  response: ServerResponse,
  { status, retryAfter }: { readonly status: number; readonly retryAfter?: number },
  body: object,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  })
  response.end(JSON.stringify(body))
}

interface Wire {
  readonly sendError: (response: ServerResponse, fault: Exclude<Fault, string>) => void
  /** How an answer begins on this wire: broken, unreadable, or with what was counted so far. */
  readonly broken: string
  readonly garbage: string
  readonly counted: string
}

/** Does what a provider should not. */
export function fail(response: ServerResponse, fault: Fault, wire: Wire): void {
  if (fault === 'hang') return
  if (typeof fault === 'object') {
    wire.sendError(response, fault)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (fault === 'garbage') {
    response.end(wire.garbage)
    return
  }
  response.write(fault === 'cut' ? wire.broken : wire.counted)
  if (fault !== 'hang-later') setTimeout(() => response.destroy(), 20)
}
