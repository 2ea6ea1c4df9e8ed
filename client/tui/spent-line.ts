import type { RunLimits } from '../execute/budget.ts'
import { spentText } from '../report/spent-text.ts'
import type { Paint, Style } from './colour.ts'
import type { Model } from './model.ts'
import { cut } from './text.ts'

/** From here on a limit is near; a part of it. */
const NEAR = 0.8

interface SpentOptions {
  readonly limits: RunLimits
  readonly columns: number
  readonly paint: Paint
}

/** What the run used so far, held against what it may use. */
export function spentLine(model: Model, { limits, columns, paint }: SpentOptions): string {
  const { queue, tokens } = model
  const ms = model.now - model.launchedAt
  const { maxUsd = Infinity, maxMs = Infinity } = limits
  const share = Math.max(queue.spent.usd / maxUsd, ms / maxMs)
  const words = share >= 1 ? ', the limit is reached' : share >= NEAR ? ', the limit is near' : ''
  return paint(cut(`spent ${spentText({ queue, tokens, ms, limits })}${words}`, columns), ...styleOf(share))
}

function styleOf(share: number): readonly Style[] {
  return share >= 1 ? ['red'] : share >= NEAR ? ['yellow'] : ['dim']
}
