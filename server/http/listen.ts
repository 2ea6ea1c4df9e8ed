import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommandError } from '../../schemas/cli.ts'

/** An open port on both loopback addresses. */
export interface Listening {
  readonly port: number
  /** Stops listening, lets open replies finish for at most {@link FAREWELL_MS}, then cuts them. */
  readonly close: () => Promise<void>
}

const FAREWELL_MS = 3_000

const TIMEOUTS = {
  headersTimeout: 5_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 500,
  keepAliveTimeout: 10_000,
} as const

/** Ports to try when any will do: the one that is free on 127.0.0.1 may be taken on ::1. */
const TRIES = 5

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1. Port 0 takes any free one.
 *
 * @throws {CommandError} `serve/port-taken`, `serve/port-refused`
 */
export async function listen(handler: RequestListener, port: number): Promise<Listening> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnBoth(handler, port)
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && port === 0 && tries < TRIES) continue
      throw refusal(port, error)
    }
  }
}

async function listenOnBoth(handler: RequestListener, wanted: number): Promise<Listening> {
  const four = await open(handler, { host: '127.0.0.1', port: wanted })
  const { port } = four.address() as AddressInfo
  const servers = [four]
  try {
    servers.push(await open(handler, { host: '::1', port, ipv6Only: true }))
  } catch (error) {
    const withoutSix = codeOf(error) === 'EADDRNOTAVAIL' || codeOf(error) === 'EAFNOSUPPORT'
    if (!withoutSix) {
      await close(four)
      throw error
    }
  }
  return { port, close: async () => void (await Promise.all(servers.map(close))) }
}

function open(
  handler: RequestListener,
  address: { readonly host: string; readonly port: number; readonly ipv6Only?: boolean },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(TIMEOUTS, handler)
    server.once('error', reject)
    server.listen({ ...address, exclusive: true }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), FAREWELL_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function refusal(port: number, cause: unknown): unknown {
  const code = codeOf(cause)
  if (code === 'EADDRINUSE') {
    return new CommandError(
      'serve/port-taken',
      `Cannot listen on port ${port}: another program has it, expected a free one; choose with --port <n>, 0 takes any`,
      { cause },
    )
  }
  if (code === 'EACCES') {
    return new CommandError(
      'serve/port-refused',
      `Cannot listen on port ${port}: the system does not allow it, expected a port above 1023; choose with --port <n>`,
      { cause },
    )
  }
  return cause
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
