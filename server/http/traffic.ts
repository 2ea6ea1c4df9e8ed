import type { Socket } from 'node:net'

/** Connections, and what went over them. */
export interface Traffic {
  /** Counts a connection that was just accepted. */
  readonly watch: (socket: Socket) => void
  readonly now: () => { readonly open: number; readonly accepted: number; readonly sentBytes: number }
}

/** Nothing has been accepted yet. */
export function openTraffic(): Traffic {
  const open = new Set<Socket>()
  let accepted = 0
  let sentBefore = 0
  return {
    watch: (socket) => {
      open.add(socket)
      accepted += 1
      socket.once('close', () => {
        open.delete(socket)
        sentBefore += socket.bytesWritten
      })
    },
    now: () => {
      let sentBytes = sentBefore
      for (const { bytesWritten } of open) sentBytes += bytesWritten
      return { open: open.size, accepted, sentBytes }
    },
  }
}
