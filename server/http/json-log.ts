import type { Writable } from 'node:stream'
import { milliseconds, shortPath } from './access.ts'
import { changeEvents } from './events/change-events.ts'
import type { ConsoleLog } from './log.ts'

export interface JsonLogOptions {
  readonly stdout: Writable
  readonly now: () => Date
}

/** A log for programs: one JSON object a line, in the words of `/events` where it tells what those tell. */
export function openJsonLog({ stdout, now }: JsonLogOptions): ConsoleLog {
  const line = (type: string, told: object) =>
    void stdout.write(`${JSON.stringify({ at: now().toISOString(), type, ...told })}\n`)
  return {
    ready: ({ port, state }) => line('listening', { port, root: state.root }),
    change: (change) => {
      for (const event of changeEvents(change)) line(event.type, event)
    },
    warn: (sentence) => line('warning', { message: sentence }),
    bug: (error) => line('bug', { message: String((error as Error)?.stack ?? error) }),
    access: ({ path, seconds, ...told }) =>
      line('request', { ...told, path: shortPath(path), ms: milliseconds(seconds) }),
  }
}
