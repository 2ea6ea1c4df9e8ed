import type { RunEvent, Usage } from '../../schemas/run-event.ts'

/** What agents used. */
export interface Spending {
  /** Milliseconds that agents were at work. */
  readonly ms: number
  readonly turns: number
  /** Tokens in and out, caches included. */
  readonly tokens: number
  /** US dollars; null when the price of any part is not known. */
  readonly usd: number | null
  /** True when more was used than is told. */
  readonly isCut: boolean
}

type Ended = Extract<RunEvent, { e: 'attempt-ended' | 'seed-ended' }>

export const NOTHING_SPENT: Spending = { ms: 0, turns: 0, tokens: 0, usd: 0, isCut: false }

/** What each task took, by its id, over all its attempts; the planner's stands under `seed`. */
export function spendingOf(events: readonly RunEvent[]): ReadonlyMap<string, Spending> {
  const spent = new Map<string, Spending>()
  const startedAt = new Map<string, number>()
  for (const event of events) {
    const id = 'id' in event ? event.id : 'seed'
    if (event.e === 'task-started' || event.e === 'seed-started') startedAt.set(id, event.at)
    if (event.e !== 'attempt-ended' && event.e !== 'seed-ended') continue
    const ms = event.at - (startedAt.get(id) ?? event.at)
    spent.set(id, plus(spent.get(id) ?? NOTHING_SPENT, spendingOfOne(event, ms)))
  }
  return spent
}

function spendingOfOne({ turns, usage, usd }: Ended, ms: number): Spending {
  const tokens = usage.reduce((sum, part) => sum + tokensIn(part), 0)
  return { ms, turns, tokens, usd: usd ?? null, isCut: usage.some((part) => part.isCut) }
}

/** Two spendings as one; a price that is not known makes the sum unknown. */
export function plus(a: Spending, b: Spending): Spending {
  return {
    ms: a.ms + b.ms,
    turns: a.turns + b.turns,
    tokens: a.tokens + b.tokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
    isCut: a.isCut || b.isCut,
  }
}

/** Tokens in and out, caches included, of a whole run. */
export function tokensOf(events: readonly RunEvent[]): number {
  let sum = 0
  for (const event of events) {
    if ('usage' in event) for (const part of event.usage) sum += tokensIn(part)
  }
  return sum
}

/** Tokens of one model, caches included. */
export function tokensIn({ input, output, cacheRead, cacheWrite }: Usage): number {
  return input + output + cacheRead + cacheWrite
}
