import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Toolbox } from '../tools/toolbox.ts'
import { attemptServer } from './attempt-server.ts'
import { bearers } from './bearer.ts'

/** Where one attempt's tools are served, and what opens them. */
export interface Admission {
  readonly url: string
  /** For `Authorization: Bearer …`; good for this attempt, as long as it is not over. */
  readonly bearer: string
  /** The attempt is over: calls under way are told to stop, and no further one is taken. */
  readonly close: () => void
}

/** Tools over HTTP, for agents in other processes of this machine. */
export interface McpEndpoint {
  readonly admit: (toolbox: Toolbox) => Admission
  readonly close: () => Promise<void>
}

/** Room for the largest file a tool takes, and for what JSON adds to it; bytes. */
const MAX_BODY = 8 * 1024 * 1024

/** Listens on a free port of the loopback. One endpoint serves any number of attempts, each with a bearer of its own. */
export async function mcpEndpoint(): Promise<McpEndpoint> {
  const keys = bearers()
  const open = new Map<string, Toolbox>()
  let admitted = 0
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000 }, (request, response) => {
    const gate = gateOf(request, { fits: keys.fits, open })
    if ('status' in gate) return refuse(response, gate)
    void serve(gate.toolbox, request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    admit: (toolbox) => {
      admitted += 1
      const attempt = String(admitted)
      const closed = new AbortController()
      open.set(attempt, ending(toolbox, closed.signal))
      return {
        url: `http://127.0.0.1:${port}/attempts/${attempt}/mcp`,
        bearer: keys.of(attempt),
        close: () => {
          open.delete(attempt)
          closed.abort()
        },
      }
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The same toolbox, which ends when its admission does. */
function ending(toolbox: Toolbox, closed: AbortSignal): Toolbox {
  const over = AbortSignal.any([toolbox.signal, closed])
  return {
    ...toolbox,
    signal: over,
    call: (call, signal) => toolbox.call(call, AbortSignal.any([over, signal])),
  }
}

interface Refusal {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Doors {
  readonly fits: (attempt: string, authorization: string | undefined) => boolean
  readonly open: ReadonlyMap<string, Toolbox>
}

/** Who may come in, decided on the head of a request alone. */
function gateOf(request: IncomingMessage, { fits, open }: Doors): Refusal | { readonly toolbox: Toolbox } {
  const { headers, headersDistinct, method, socket, url = '' } = request
  const port = socket.localPort ?? 0
  const [host, ...others] = headersDistinct.host ?? []
  if (others.length > 0 || (host !== `127.0.0.1:${port}` && host?.toLowerCase() !== `localhost:${port}`)) {
    return { status: 421, message: `Cannot answer for this Host: expected 127.0.0.1:${port}` }
  }
  if (headers.origin !== undefined) {
    return { status: 403, message: 'Cannot answer a web page: expected a request without Origin' }
  }
  const attempt = /^\/attempts\/([1-9][0-9]{0,9})\/mcp$/.exec(url)?.[1]
  if (attempt === undefined)
    return { status: 404, message: 'Cannot find this path: expected the URL as it was given' }
  if (!fits(attempt, headers.authorization)) {
    return {
      status: 401,
      message: 'Cannot let this request in: expected the bearer of this attempt',
      headers: { 'www-authenticate': 'Bearer' },
    }
  }
  const toolbox = open.get(attempt)
  if (toolbox === undefined || toolbox.signal.aborted) {
    return { status: 410, message: 'This attempt is over; nothing it says is taken any more' }
  }
  if (method === 'POST') return { toolbox }
  return { status: 405, message: 'Cannot answer this method: expected POST', headers: { allow: 'POST' } }
}

function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null })
  response
    .writeHead(status, { ...headers, 'content-type': 'application/json', connection: 'close' })
    .end(body)
}

/** One request, one server: nothing but the toolbox outlives it. Who hangs up stops what was asked for. */
async function serve(toolbox: Toolbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const mcp = attemptServer(toolbox)
  const transport = new StreamableHTTPServerTransport({ maxRequestBodySize: MAX_BODY })
  response.once('close', () => void mcp.close())
  try {
    // The SDK's own types disagree where an absent property may not be undefined.
    await mcp.connect(transport as Transport)
    await transport.handleRequest(request, response)
  } catch {
    if (response.headersSent) response.destroy()
    else refuse(response, { status: 500, message: 'Cannot answer this request' })
  }
}
