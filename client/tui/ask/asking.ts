import type { Question } from '../../tools/ask/asker.ts'

/** A question on the screen, and what the person has done about it so far. */
export interface Asking {
  readonly question: Question
  /** Milliseconds since the epoch. */
  readonly shownAt: number
  readonly typed: string
  /** Index of the option that Enter would take; null while there is none. */
  readonly chosen: number | null
}

export type Key =
  | { readonly k: 'text'; readonly text: string }
  | { readonly k: 'enter' | 'escape' | 'up' | 'down' | 'erase' | 'clear' }

/** What the person settled on; undefined when they declined. */
export interface Settled {
  readonly answer: string | undefined
}

/** A key that was on its way before the question could be read answers nothing; milliseconds. */
const DEAF_MS = 500
/** Characters of an answer. */
const LONGEST = 2000

export function begin(question: Question, now: number): Asking {
  const { options, suggestion } = question
  const suggested = suggestion === undefined ? -1 : options.indexOf(suggestion)
  return { question, shownAt: now, typed: '', chosen: suggested < 0 ? null : suggested }
}

/** True once the question has stood there long enough for a key to be meant for it. */
export function isListening({ shownAt }: Asking, now: number): boolean {
  return now - shownAt >= DEAF_MS
}

/** What the question is after a key, or what it was settled by. */
export function press(asking: Asking, key: Key): Asking | Settled {
  switch (key.k) {
    case 'escape':
      return { answer: undefined }
    case 'enter':
      return entered(asking)
    case 'up':
      return moved(asking, -1)
    case 'down':
      return moved(asking, 1)
    case 'erase':
      return { ...asking, typed: asking.typed.replace(/.$/su, '') }
    case 'clear':
      return { ...asking, typed: '' }
    case 'text':
      return spelled(asking, key.text)
  }
}

/** Enter alone declines nothing: somebody may lean on it. */
function entered(asking: Asking): Asking | Settled {
  const { question, typed, chosen } = asking
  if (question.options.length > 0) {
    const answer = question.options[chosen ?? -1]
    return answer === undefined ? asking : { answer }
  }
  const answer = typed.trim() || question.suggestion
  return answer === undefined ? asking : { answer }
}

function moved(asking: Asking, by: 1 | -1): Asking {
  const { chosen, question } = asking
  const count = question.options.length
  if (count === 0) return asking
  const from = chosen ?? (by === 1 ? -1 : count)
  return { ...asking, chosen: Math.min(count - 1, Math.max(0, from + by)) }
}

/** What was typed fast or pasted comes at once; a line's end behind it is Enter, one inside it is a space. */
function spelled(asking: Asking, text: string): Asking | Settled {
  const isLine = /[\r\n]$/.test(text)
  const more = text.replace(/[\r\n]+$/, '').replace(/\p{Cc}+/gu, ' ')
  const { length } = asking.question.options
  const next =
    length === 0 ? { ...asking, typed: (asking.typed + more).slice(0, LONGEST) } : numbered(asking, more)
  return isLine ? entered(next) : next
}

function numbered(asking: Asking, text: string): Asking {
  const index = Number(/^[1-9]$/.exec(text)?.[0] ?? 0) - 1
  return index in asking.question.options ? { ...asking, chosen: index } : asking
}
