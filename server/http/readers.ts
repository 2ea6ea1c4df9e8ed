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

/**
 * Tells of each client at some moment whether it reads a little now and then, so that it never seems idle, and holds on
 * to a reply for hours. All that waits for one at some moment has to be read in time; what was added since then has its
 * own time.
 */
export function tricklingReaders({
  idleMs,
  leastBytesPerSecond,
}: ReadingLimits): (socket: Socket, now: number) => boolean {
  const dues = new WeakMap<Socket, Due>()
  return (socket, now) => {
    const { writableLength, bytesWritten } = socket
    const due = dues.get(socket)
    if (writableLength === 0) {
      dues.delete(socket)
      return false
    }
    if (due !== undefined && bytesWritten - writableLength < due.bytes) return now > due.at
    const at = now + idleMs + (writableLength / leastBytesPerSecond) * 1_000
    dues.set(socket, { bytes: bytesWritten, at })
    return false
  }
}
