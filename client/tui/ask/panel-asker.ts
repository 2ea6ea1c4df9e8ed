import type { Asker } from '../../tools/ask/asker.ts'
import { type Asking, begin, isListening, type Key, press } from './asking.ts'

/** Puts questions on a screen that somebody else draws. */
export interface PanelAsker extends Asker {
  /** The question that is open; null while there is none. */
  readonly asking: () => Asking | null
  readonly press: (key: Key) => void
  /** Names who draws; told whenever there is something else to be drawn. */
  readonly shownBy: (onChange: () => void) => void
}

/** @param now milliseconds since the epoch */
export function panelAsker(now: () => number): PanelAsker {
  let asking: Asking | null = null
  let settle: (answer: string | undefined) => void = () => undefined
  let onChange: () => void = () => undefined
  const end = (answer: string | undefined): void => {
    asking = null
    settle(answer)
    onChange()
  }
  return {
    asking: () => asking,
    shownBy: (draw) => {
      onChange = draw
    },
    press: (key) => {
      if (asking === null || !isListening(asking, now())) return
      const next = press(asking, key)
      if ('answer' in next) return end(next.answer)
      asking = next
      onChange()
    },
    ask: async (question, signal) => {
      if (signal.aborted) return undefined
      const giveUp = () => end(undefined)
      signal.addEventListener('abort', giveUp, { once: true })
      const answer = new Promise<string | undefined>((resolve) => {
        settle = resolve
      })
      asking = begin(question, now())
      onChange()
      try {
        return await answer
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    },
  }
}
