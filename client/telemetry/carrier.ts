import { setTimeout as sleep } from 'node:timers/promises'

interface Request {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Carries what a library posts, and answers that all went well: it has nothing to repeat, and nothing to print. */
export interface Carrier {
  readonly fetch: (url: string, request: Request) => Promise<Answer>
  /** Gives up what is under way, and all that is posted from now on. */
  readonly stop: () => void
  /** How much was delivered, and what went wrong last. */
  readonly state: () => { readonly delivered: number; readonly why: string }
}

interface Answer {
  readonly status: number
  readonly text: () => Promise<string>
  readonly json: () => Promise<unknown>
}

const TAKEN: Answer = { status: 200, text: async () => '', json: async () => ({}) }
const ATTEMPTS = 3
const ATTEMPT_MS = 3000
const PAUSE_MS = 200

/** A carrier that counts what was delivered by what `countOf` says of each body. */
export function carrier(countOf: (body: string) => number): Carrier {
  const over = new AbortController()
  let delivered = 0
  let why = ''
  const carried = async (url: string, request: Request, body: string): Promise<void> => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const outcome = await post(url, { ...request, body }, over.signal)
      if (outcome.ok) {
        delivered += countOf(body)
        return
      }
      if (over.signal.aborted) return
      why = outcome.why
      if (!outcome.again) return
      await sleep(PAUSE_MS * 2 ** attempt, undefined, { signal: over.signal }).catch(() => undefined)
    }
  }
  return {
    async fetch(url, request) {
      await carried(url, request, String(request.body))
      return TAKEN
    },
    stop: () => over.abort(),
    state: () => ({ delivered, why }),
  }
}

type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly again: boolean }

/** A redirect is not followed: what was meant for one host is not for another. */
async function post(url: string, request: Request & { body: string }, over: AbortSignal): Promise<Outcome> {
  try {
    const signal = AbortSignal.any([over, AbortSignal.timeout(ATTEMPT_MS)])
    const response = await fetch(url, { ...request, redirect: 'manual', signal })
    await response.body?.cancel()
    if (response.ok) return { ok: true }
    const again = response.status >= 500 || response.status === 429
    return { ok: false, why: `it answered ${response.status}`, again }
  } catch (error) {
    const { cause = error } = error as Error
    return {
      ok: false,
      why: cause instanceof Error ? cause.message || cause.name : String(cause),
      again: true,
    }
  }
}
