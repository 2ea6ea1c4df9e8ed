import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What has been heard of a client. */
interface Heard {
  /** The last reply that it asked for. */
  readonly reply: ServerResponse | undefined
  /** Bytes that belong to no request which it has still to end. */
  readonly bytes: number
  /** Since when there is one; undefined while there is none. */
  readonly since: number | undefined
}

/** Tells of each client at some moment whether it has not come to the end of a request, or of its first silence, within `limitMs`. */
export function endlessSpeakers(
  limitMs: number,
): (socket: Socket, reply: ServerResponse | undefined, now: number) => boolean {
  const heard = new WeakMap<Socket, Heard>()
  return (socket, reply, now) => {
    const { bytesRead } = socket
    const known = heard.get(socket)
    if (known === undefined || known.reply !== reply || reply?.writableFinished === false) {
      heard.set(socket, { reply, bytes: bytesRead, since: reply === undefined ? now : undefined })
    } else if (known.since !== undefined) return now - known.since > limitMs
    else if (known.bytes !== bytesRead) heard.set(socket, { ...known, since: now })
    return false
  }
}
