import { duration } from '../tui/text.ts'
import type { Finding, Group, Pair, Summary } from './comparison.ts'
import { MEASURES, type MeasureName, type Unit } from './measured-run.ts'

/** The names of all measures, in the order they are told. */
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[]

/** How it was worked out, a sentence each. */
export const METHOD: readonly string[] = [
  'Figures are of all runs that came to their end, failed ones included; times count from when the person asked',
  'In parentheses: 95 % intervals, each by itself. Success: Wilson. Medians: exact, between two of the runs, from 6 runs on',
  'Differences: the median of all differences between two runs, exact by the rank-sum test; of success: Newcombe, from 4 runs on',
]

/** A figure of a measure. */
export function figure(value: number, unit: Unit): string {
  if (unit === 'ms') return duration(value)
  if (unit === 'usd') return value === 0 ? '$0' : `$${value.toFixed(value < 0.1 ? 4 : 2)}`
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 1 : 0)
}

/** `7 of 8, 88 % (53 to 98)`. */
export function success({ success: { hits, n, low, high } }: Group): string {
  return `${hits} of ${n}, ${percent(hits / n)} % (${percent(low)} to ${percent(high)})`
}

/** `4.2s (3.9s to 5.1s)`, and of how many runs where it is not of all. */
export function summary({ n, median, interval }: Summary, unit: Unit, all: number): string {
  if (median === null) return unit === 'ms' ? 'none' : 'unknown'
  const isSpread = interval !== null && interval.low < interval.high
  const range = isSpread ? ` (${figure(interval.low, unit)} to ${figure(interval.high, unit)})` : ''
  return `${figure(median, unit)}${range}${n < all ? `, ${n} of ${all} runs` : ''}`
}

/** What is said of a difference, and by how much where it can be said. */
export function finding(of: Finding, unit: Unit | 'share'): string {
  if (!('by' in of)) return of.says === 'unknown' ? 'unknown' : 'too few runs to say'
  const shown = (value: number): string =>
    `${value < 0 ? '−' : '+'}${unit === 'share' ? `${percent(Math.abs(value))} %` : figure(Math.abs(value), unit)}`
  if (of.low === 0 && of.high === 0) return 'the same'
  const words = of.says === 'no difference shown' ? of.says : WORDS[unit][of.says]
  return `${words}: ${shown(of.by)} (${shown(of.low)} to ${shown(of.high)})`
}

/** `orchestrator instead of linear`. */
export function pairName({ first, second }: Pair): string {
  return `${second} instead of ${first}`
}

const WORDS: Readonly<Record<Unit | 'share', { readonly less: string; readonly more: string }>> = {
  ms: { less: 'shorter', more: 'longer' },
  usd: { less: 'cheaper', more: 'dearer' },
  count: { less: 'fewer', more: 'more' },
  share: { less: 'less often', more: 'more often' },
}

function percent(share: number): number {
  return Math.round(share * 100)
}
