import { type Key as InkKey, useInput } from 'ink'
import type { Key } from './asking.ts'

export interface KeyboardProps {
  readonly onKey: (key: Key) => void
  /** The terminal tells Ctrl-C to nobody else while keys are read. */
  readonly onInterrupt: () => void
}

/** Reads keys one by one as long as it is part of the frame. */
export function Keyboard({ onKey, onInterrupt }: KeyboardProps): null {
  useInput((input, pressed) => {
    if (pressed.ctrl && input === 'c') return onInterrupt()
    const key = keyOf(input, pressed)
    if (key) onKey(key)
  })
  return null
}

function keyOf(input: string, pressed: InkKey): Key | undefined {
  if (pressed.return) return { k: 'enter' }
  if (pressed.escape) return { k: 'escape' }
  if (pressed.upArrow) return { k: 'up' }
  if (pressed.downArrow) return { k: 'down' }
  if (pressed.backspace || pressed.delete) return { k: 'erase' }
  if (pressed.ctrl) return input === 'u' ? { k: 'clear' } : undefined
  return input === '' || pressed.meta ? undefined : { k: 'text', text: input }
}
