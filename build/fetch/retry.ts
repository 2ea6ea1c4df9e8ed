import type { Answer } from './http-get.ts'

export interface RetryOptions {
  readonly attempts: number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** In [0, 1). */
  readonly random: () => number
  readonly now: () => Date
  readonly signal?: AbortSignal | undefined
}

const FIRST_DELAY_MS = 250
/** A source that asks for a longer pause is not asked again. */
const LONGEST_DELAY_MS = 30_000

/** Asks until there is an answer to go by, at most `attempts` times, with growing, scattered pauses. */
export async function withRetries(ask: () => Promise<Answer>, options: RetryOptions): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask()
    if (answer.status !== 'failed' || !answer.again || attempt >= options.attempts) return answer
    const asked = retryAfterMs(answer.retryAfter, options.now())
    if (asked > LONGEST_DELAY_MS) return answer
    const backoff = FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.5 + options.random())
    await options.sleep(Math.min(LONGEST_DELAY_MS, Math.max(asked, backoff)), options.signal)
  }
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterMs(header: string | undefined, now: Date): number {
  if (header === undefined) return 0
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now.getTime())
}
