import type { RunLimits } from '../execute/budget.ts'
import type { Queue } from '../queue/queue.ts'
import { duration, shortModel } from '../tui/text.ts'

interface Used {
  readonly queue: Queue
  readonly tokens: number
  /** How long the run has taken. */
  readonly ms: number
  readonly limits?: RunLimits
}

/** What a run used, and what it may use where there is a limit. */
export function spentText({ queue, tokens, ms, limits = {} }: Used): string {
  const { maxUsd, maxMs } = limits
  const { usd, unpriced, isCut } = queue.spent
  const limit = maxUsd === undefined ? '' : `${unpriced.size > 0 ? ', limit' : ' of'} $${maxUsd}`
  const money = `${moneyText(usd, [...unpriced])}${limit}`
  const isFree = usd === 0 && unpriced.size === 0 && maxUsd === undefined
  return [
    `${isCut ? 'at least ' : ''}${tokensText(tokens)} tokens`,
    ...(isFree ? [] : [money]),
    ...(maxMs === undefined ? [] : [`${duration(ms)} of ${duration(maxMs)}`]),
  ].join(', ')
}

/** `1,234` below ten thousand, then `12.3k`, `4.5M`. */
export function tokensText(tokens: number): string {
  if (tokens < 10_000) return tokens.toLocaleString('en')
  if (tokens < 1_000_000) return `${(tokens / 1000).toFixed(1)}k`
  return `${(tokens / 1_000_000).toFixed(1)}M`
}

/** Dollars, and of whom they are not known: a part that is unknown never looks like nothing. */
export function moneyText(usd: number, unpriced: readonly string[]): string {
  const known = `$${usd.toFixed(usd >= 1 ? 2 : 4)}`
  if (unpriced.length === 0) return known
  const unknown = `unknown for ${unpriced.map(shortModel).join(', ')}`
  return usd === 0 ? `cost ${unknown}` : `${known} and ${unknown}`
}
