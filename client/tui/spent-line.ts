import type { RunLimits } from '../execute/budget.ts'
import type { Paint, Style } from './colour.ts'
import type { Model } from './model.ts'
import { cut, duration, shortModel } from './text.ts'

/** From here on a limit is near; a part of it. */
const NEAR = 0.8

export interface SpentOptions {
  readonly limits: RunLimits
  readonly columns: number
  readonly paint: Paint
}

/** What the run used so far, held against what it may use. */
export function spentLine(model: Model, { limits, columns, paint }: SpentOptions): string {
  const { maxUsd, maxMs } = limits
  const { usd, unpriced } = model.queue.spent
  const took = model.now - model.launchedAt
  const share = Math.max(maxUsd === undefined ? 0 : usd / maxUsd, maxMs === undefined ? 0 : took / maxMs)
  const parts = [
    `${tokensText(model.tokens)} tokens`,
    ...(model.tokens + usd + unpriced.size === 0 && maxUsd === undefined
      ? []
      : [`${moneyText(usd, [...unpriced])}${maxUsd === undefined ? '' : ` of $${maxUsd}`}`]),
    ...(maxMs === undefined ? [] : [`${duration(took)} of ${duration(maxMs)}`]),
    ...(share >= NEAR ? [share >= 1 ? 'the limit is reached' : 'the limit is near'] : []),
  ]
  return paint(cut(`spent ${parts.join(' · ')}`, columns), ...styleOf(share))
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

function styleOf(share: number): readonly Style[] {
  return share >= 1 ? ['red'] : share >= NEAR ? ['yellow'] : ['dim']
}
