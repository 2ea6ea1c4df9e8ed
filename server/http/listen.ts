import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { CommandError } from '../../schemas/cli.ts'
import { type Address, openDoors, portOf } from './doors.ts'
import { watchClients } from './patience.ts'

/** An open port on both loopback addresses. */
export interface Listening {
  readonly port: number
  /** Stops listening, lets open replies finish for at most {@link FAREWELL_MS}, then cuts them. */
  readonly close: () => Promise<void>
}

export interface ListenOptions {
  /** Told of every connection that is accepted. Must not throw. */
  readonly onConnection?: (socket: Socket) => void
  /** How long a client may leave what it asked for unread. */
  readonly idleMs?: number
  /** How slowly it may read. */
  readonly leastBytesPerSecond?: number
}

type OpenOptions = ListenOptions & { readonly handler: RequestListener }

const FAREWELL_MS = 3_000
const IDLE_CHECK_MS = 50

/** Node itself would judge how long a request takes by what it had no time to listen to. */
const LIMITS = {
  headersTimeout: 0,
  requestTimeout: 0,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16 * 1024,
} as const
/** Until a request has said all it has to say; up to a second more before it is noticed. */
const REQUEST_MS = 3_500
/** In which nothing of a reply is read. */
const IDLE_MS = 20_000
/** A client on this machine reads a thousand times as much; one that reads less holds on to memory. */
const LEAST_BYTES_PER_SECOND = 64 * 1024
/** Connections on each address: two thousand clients, and twice as many who only hold the line. */
const MAX_CONNECTIONS = 6_144

/** Ports to try when any will do: the one that is free on 127.0.0.1 may be taken on ::1. */
const TRIES = 5

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1. Port 0 takes any free one.
 *
 * @throws {CommandError} `serve/port-taken`, `serve/port-refused`
 */
export async function listen(
  handler: RequestListener,
  port: number,
  options: ListenOptions = {},
): Promise<Listening> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnBoth({ ...options, handler }, port)
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && port === 0 && tries < TRIES) continue
      throw refusal(port, error)
    }
  }
}

async function listenOnBoth(options: OpenOptions, wanted: number): Promise<Listening> {
  const four = await open(options, { host: '127.0.0.1', port: wanted, ipv6Only: false })
  const { port } = four
  const doors = [four]
  try {
    doors.push(await open(options, { host: '::1', port, ipv6Only: true }))
  } catch (error) {
    const withoutSix = codeOf(error) === 'EADDRNOTAVAIL' || codeOf(error) === 'EAFNOSUPPORT'
    if (!withoutSix) {
      await four.close()
      throw error
    }
  }
  return { port, close: async () => void (await Promise.all(doors.map(({ close }) => close()))) }
}

/**
 * So many clients at most are answered while others are read. Those who have asked are ever more as soon as they are
 * answered: with very many clients, a turn of the loop that reads as long as there is something to read lasts for
 * some ten thousand replies, and whoever has just come in waits for its end.
 */
const FEW = 512

/** A server that may listen at several doors: whoever comes in is counted here, and let in while there is room. */
function createDoorkeeper({ handler, onConnection, idleMs = IDLE_MS }: OpenOptions) {
  const clients = new Map<Socket, ServerResponse | undefined>()
  const server = createServer(LIMITS, (request, response) => {
    clients.set(request.socket, response)
    if (clients.size <= FEW) handler(request, response)
    else setImmediate(handler, request, response)
  })
  server.timeout = idleMs
  // All of them are seen, so that none is judged by half of what it says; their size is bounded.
  server.maxHeadersCount = 0
  server.on('connection', (socket: Socket) => {
    if (clients.size >= MAX_CONNECTIONS) return void socket.destroy()
    clients.set(socket, undefined)
    socket.once('close', () => clients.delete(socket))
    onConnection?.(socket)
  })
  return { server, clients }
}

async function open(options: OpenOptions, address: Address): Promise<Listening> {
  const keeper = createDoorkeeper(options)
  const { server, clients } = keeper
  const doors = await openDoors(server, address)
  const { idleMs = IDLE_MS, leastBytesPerSecond = LEAST_BYTES_PER_SECOND } = options
  const watch = watchClients(server, clients, { requestMs: REQUEST_MS, idleMs, leastBytesPerSecond })
  return {
    port: portOf(server),
    close: () => close(keeper, doors).finally(watch.close),
  }
}

function close(
  { server, clients }: ReturnType<typeof createDoorkeeper>,
  doors: readonly NetServer[],
): Promise<void> {
  const leave = () => {
    for (const [socket, reply] of clients) if (reply?.writableFinished !== false) socket.destroy()
  }
  const cut = setTimeout(() => {
    for (const socket of clients.keys()) socket.destroy()
  }, FAREWELL_MS)
  // A connection that was busy a moment ago would wait for its next request.
  const closeIdle = setInterval(leave, IDLE_CHECK_MS)
  // The close of an HTTP server takes a reply that is written for one that is sent, and cuts it.
  const closed = doors.map((door) => new Promise((resolve) => NetServer.prototype.close.call(door, resolve)))
  leave()
  return Promise.all(closed).then(() => {
    clearTimeout(cut)
    clearInterval(closeIdle)
    // Ends its timers.
    server.close()
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
