import type { Price } from '../../schemas/models.ts'
import type { Usage } from '../../schemas/run-event.ts'
import { PRICES } from './price-table.ts'

/** US dollars of one request; undefined when its price is not known. */
export type CostOf = (usage: Usage) => number | undefined

export interface CostOptions {
  /** Asked before the built-in table. */
  readonly prices?: readonly Price[]
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Prices requests as they are on one day. A model without a price costs an unknown sum, never nothing. */
export function costAt({ prices = [], at }: CostOptions): CostOf {
  const today = new Date(at).toISOString().slice(0, 10)
  return (usage) => {
    const price = priceOf(usage.model, prices, today) ?? priceOf(usage.model, PRICES, today)
    return price && costOf(usage, price)
  }
}

/** What several requests cost together; one that is unknown makes the sum unknown. */
export function sumOf(usages: readonly Usage[], costOf: CostOf): number | undefined {
  let sum = 0
  for (const usage of usages) {
    const cost = costOf(usage)
    if (cost === undefined) return undefined
    sum += cost
  }
  return sum
}

/** A provider may stand before a model's id, and the day it was made, such as `-20251001`, after it. */
function priceOf(model: string, prices: readonly Price[], today: string): Price | undefined {
  const family = model.replace(/^[a-z]+\//, '').replace(/-20[0-9]{6}$/, '')
  const valid = prices.filter(({ from = '' }) => from <= today)
  const best = (name: string) =>
    valid
      .filter((price) => price.model === name)
      .reduce<Price | undefined>(
        (newest, price) => ((price.from ?? '') >= (newest?.from ?? '') ? price : newest),
        undefined,
      )
  return best(model) ?? best(family)
}

function costOf(usage: Usage, { above, ...usual }: Price): number | undefined {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite
  const rates = above !== undefined && prompt > above.tokens ? above : usual
  const parts = [
    [usage.input, rates.input],
    [usage.output, rates.output],
    [usage.cacheRead, rates.cacheRead],
    [usage.cacheWrite, rates.cacheWrite],
  ] as const
  let sum = 0
  for (const [tokens, rate] of parts) {
    if (tokens === 0) continue
    if (rate === undefined) return undefined
    sum += (tokens * rate) / 1_000_000
  }
  return sum
}
