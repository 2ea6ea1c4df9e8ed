/** Two-sided, 95 %. */
const Z = 1.959964
const ALPHA = 0.05
/** Up to so many values on each side the distribution is counted out; beyond, the normal one is near enough. */
const COUNTED = 20
/** The same for the values of one median. */
const MANY = 200

export interface Interval {
  readonly low: number
  readonly high: number
}

/** The middle of values; the mean of the two middle ones when their number is even. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2
}

/**
 * Interval for a median between two of the values themselves, exact by the binomial distribution whatever theirs
 * is; null below six values, between which no such interval reaches 95 %.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = medianRank(sorted.length)
  const low = sorted[rank - 1]
  const high = sorted[sorted.length - rank]
  return low === undefined || high === undefined ? null : { low, high }
}

/** Which value from either end bounds the interval; 0 when none does. */
function medianRank(n: number): number {
  if (n > MANY) return Math.floor(n / 2 - (Z * Math.sqrt(n)) / 2)
  let term = 0.5 ** n
  let tail = term
  let rank = 0
  while (2 * tail <= ALPHA) {
    term = (term * (n - rank)) / (rank + 1)
    tail += term
    rank += 1
  }
  return rank
}

/** Wilson's score interval for a share. */
export function shareInterval(hits: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 }
  const share = hits / n
  const middle = share + Z ** 2 / (2 * n)
  const reach = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))
  const scale = 1 + Z ** 2 / n
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) }
}

export interface Share {
  readonly hits: number
  readonly n: number
}

export interface Difference extends Interval {
  /** How much more the second has. */
  readonly by: number
}

/** Newcombe's interval for the difference of two shares, from Wilson's of each. */
export function shareDifference(first: Share, second: Share): Difference {
  const [a, b] = [first.hits / first.n, second.hits / second.n]
  const [ofA, ofB] = [shareInterval(first.hits, first.n), shareInterval(second.hits, second.n)]
  const by = b - a
  return {
    by,
    low: by - Math.hypot(b - ofB.low, ofA.high - a),
    high: by + Math.hypot(ofB.high - b, a - ofA.low),
  }
}

/**
 * How much larger the values of the second tend to be: the median of all differences between two values (Hodges and
 * Lehmann), with the interval that the rank-sum test leaves. Null when so few values can leave none.
 */
export function shift(first: readonly number[], second: readonly number[]): Difference | null {
  const differences = second.flatMap((b) => first.map((a) => b - a)).sort((a, b) => a - b)
  const cut = criticalRank(first.length, second.length)
  const low = differences[cut - 1]
  const high = differences[differences.length - cut]
  const by = medianOf(differences)
  return low === undefined || high === undefined || by === null ? null : { by, low, high }
}

/** How many of all differences lie outside of the interval on each side, plus one; 0 when there is no interval. */
function criticalRank(n: number, m: number): number {
  if (n > COUNTED || m > COUNTED) {
    return Math.floor((n * m) / 2 - Z * Math.sqrt((n * m * (n + m + 1)) / 12))
  }
  const ways = rankSumWays(n, m)
  const all = ways.reduce((sum, count) => sum + count, 0)
  let tail = 0
  for (const [sum, count] of ways.entries()) {
    tail += count
    if ((2 * tail) / all > ALPHA) return sum
  }
  return 0
}

/** In how many orders of n and m values the second are ahead of the first exactly so many times. */
function rankSumWays(n: number, m: number): number[] {
  const ways: number[] = Array.from({ length: n * m + 1 }, (_, at) => (at === 0 ? 1 : 0))
  for (let i = 1; i <= n; i++) {
    for (let at = ways.length - 1; at >= m + i; at--) ways[at] = (ways[at] ?? 0) - (ways[at - m - i] ?? 0)
    for (let at = i; at < ways.length; at++) ways[at] = (ways[at] ?? 0) + (ways[at - i] ?? 0)
  }
  return ways
}
