import type { Socket } from 'node:net'

/** How slowly clients may read. */
export interface ReadingLimits {
  /** What everybody gets, however little there is to read. */
  readonly idleMs: number
  /** What is read beyond that time. */
  readonly leastBytesPerSecond: number
}

/** What waits for a client at one moment, and when all of it has to be read. */
interface Due {
  readonly bytes: number
  readonly at: number
}

const CHECK_MS = 1_000

/**
 * Cuts clients who read a little now and then, so that they never seem idle, and hold on to a reply for hours. All that
 * waits for one at some moment has to be read in time; what was added since then has its own time.
 */
export function watchReaders(
  sockets: ReadonlySet<Socket>,
  { idleMs, leastBytesPerSecond }: ReadingLimits,
): { readonly close: () => void } {
  const dues = new WeakMap<Socket, Due>()
  const look = (socket: Socket, now: number) => {
    const { writableLength, bytesWritten } = socket
    const due = dues.get(socket)
    if (writableLength === 0) return void dues.delete(socket)
    if (due === undefined || bytesWritten - writableLength >= due.bytes) {
      const at = now + idleMs + (writableLength / leastBytesPerSecond) * 1_000
      dues.set(socket, { bytes: bytesWritten, at })
    } else if (now > due.at) socket.destroy()
  }
  const timer = setInterval(
    () => {
      const now = performance.now()
      for (const socket of sockets) look(socket, now)
    },
    Math.min(CHECK_MS, idleMs),
  )
  return { close: () => clearInterval(timer) }
}
