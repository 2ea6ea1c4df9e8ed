import type { ServerEvent } from '../../../schemas/server-event.ts'

/** The recent past of the server, for those who listen and for those who come back. */
export interface EventHub {
  readonly tell: (events: readonly ServerEvent[]) => void
  /** Hears every event from now on, each as a frame of an event stream. A listener must not throw. */
  readonly subscribe: (listener: (frame: string) => void) => Unsubscribe
  /**
   * The frames since the event of that id, or since now without one. What is no longer kept, or was told by an
   * earlier process, is replaced by the one event `reset`.
   */
  readonly since: (id: string | undefined) => string
}

type Unsubscribe = () => void

export interface EventHubOptions {
  /** Tells this process from earlier ones. */
  readonly epoch: string
  readonly limits?: EventLimits
}

/** How much of the past is kept. */
export interface EventLimits {
  readonly events: number
  readonly characters: number
}

const LIMITS: EventLimits = { events: 256, characters: 256 * 1024 }

/** A hub that has told nothing yet. */
export function openEventHub({ epoch, limits = LIMITS }: EventHubOptions): EventHub {
  const listeners = new Set<(frame: string) => void>()
  const kept: string[] = []
  let keptCharacters = 0
  let last = 0
  const idOf = (number: number) => `${epoch}-${number}`
  const forget = () => {
    while (kept.length > limits.events || keptCharacters > limits.characters) {
      keptCharacters -= kept.shift()?.length ?? 0
    }
  }
  const numberOf = (id: string) => {
    const number = id.startsWith(`${epoch}-`) ? Number(id.slice(epoch.length + 1)) : Number.NaN
    return Number.isInteger(number) && number >= last - kept.length && number <= last ? number : undefined
  }
  return {
    tell: (events) => {
      for (const event of events) {
        last += 1
        const frame = frameOf(event, idOf(last))
        kept.push(frame)
        keptCharacters += frame.length
        forget()
        for (const listener of listeners) listener(frame)
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    since: (id) => {
      // An id without data is remembered by the client and shown to nobody.
      if (id === undefined) return `id: ${idOf(last)}\n\n`
      const number = numberOf(id)
      if (number === undefined) return frameOf({ type: 'reset' }, idOf(last))
      return kept.slice(kept.length - (last - number)).join('')
    },
  }
}

/** JSON holds no line break, so an event is always one line of data. */
function frameOf(event: ServerEvent, id: string): string {
  return `event: ${event.type}\nid: ${id}\ndata: ${JSON.stringify(event)}\n\n`
}
