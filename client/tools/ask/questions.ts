import type { Clock } from '../../clock.ts'
import type { Asker, Question } from './asker.ts'

/** What came of a question. */
export type Answer =
  | { readonly outcome: 'answered'; readonly text: string }
  | { readonly outcome: 'declined' | 'no-answer' | 'nobody-there' }

/** Puts questions to a person, one at a time and never for longer than a time limit. */
export type Questions = (question: Omit<Question, 'timeoutMs'>, signal: AbortSignal) => Promise<Answer>

export interface QuestionsOptions {
  /** Absent where nobody can answer. */
  readonly asker: Asker | undefined
  readonly timeoutMs: number
  readonly clock: Clock
}

/** The time of a question begins when it is shown, not while another one is. */
export function questions({ asker, timeoutMs, clock }: QuestionsOptions): Questions {
  let before: Promise<unknown> = Promise.resolve()
  return (question, signal) => {
    if (asker === undefined) return Promise.resolve({ outcome: 'nobody-there' })
    const answer = before.then(() => put(asker, { ...question, timeoutMs }, { clock, signal }))
    before = answer
    return answer
  }
}

interface Limits {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Never rejects: an asker that fails is nobody there. */
async function put(asker: Asker, question: Question, { clock, signal }: Limits): Promise<Answer> {
  if (signal.aborted) return { outcome: 'no-answer' }
  const over = new AbortController()
  const stop = AbortSignal.any([signal, over.signal])
  const late = clock.sleep(question.timeoutMs, stop).then((): Answer => ({ outcome: 'no-answer' }))
  try {
    return await Promise.race([late, answerOf(asker, question, stop)])
  } catch {
    return { outcome: 'nobody-there' }
  } finally {
    over.abort()
  }
}

async function answerOf(asker: Asker, question: Question, signal: AbortSignal): Promise<Answer> {
  const text = await asker.ask(question, signal)
  if (signal.aborted) return { outcome: 'no-answer' }
  if (text === undefined || text.trim() === '') return { outcome: 'declined' }
  if (question.options.length > 0 && !question.options.includes(text)) return { outcome: 'declined' }
  return { outcome: 'answered', text: text.trim() }
}
