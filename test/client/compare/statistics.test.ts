import { describe, expect, test } from 'vitest'
import {
  medianInterval,
  medianOf,
  shareDifference,
  shareInterval,
  shift,
} from '../../../client/compare/statistics.ts'
import { fc } from '../../properties.ts'

const upTo = (n: number, from = 1): number[] => Array.from({ length: n }, (_, index) => index + from)
const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 25 })

/** The same numbers whenever it is asked. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe('medianOf()', () => {
  test('is the middle, or the mean of the two middle ones', () => {
    expect([[], [3], [3, 1], [9, 1, 5]].map(medianOf)).toEqual([null, 3, 2, 5])
  })
})

describe('medianInterval()', () => {
  test.each([
    [5, null],
    [6, { low: 1, high: 6 }],
    [8, { low: 1, high: 8 }],
    [9, { low: 2, high: 8 }],
    [10, { low: 2, high: 9 }],
    [20, { low: 6, high: 15 }],
    [100, { low: 40, high: 61 }],
    [2000, { low: 956, high: 1045 }],
  ])('of %i values is as the tables have it', (n, interval) => {
    expect(medianInterval(upTo(n).reverse())).toEqual(interval)
  })

  test('holds the true median at least 95 times of 100', () => {
    const next = numbers(1)
    for (const n of [6, 11, 25]) {
      const hits = upTo(2000).filter(() => {
        const found = medianInterval(upTo(n).map(() => next() ** 3))
        return found !== null && found.low <= 0.125 && 0.125 <= found.high
      })
      expect(hits.length / 2000).toBeGreaterThan(0.945)
    }
  })
})

describe('shareInterval()', () => {
  test.each([
    [7, 8, { low: 0.5291, high: 0.9776 }],
    [0, 10, { low: 0, high: 0.2775 }],
    [10, 10, { low: 0.7225, high: 1 }],
    [0, 0, { low: 0, high: 1 }],
  ])('of %i of %i is what Wilson says', (hits, n, { low, high }) => {
    const found = shareInterval(hits, n)
    expect(found.low).toBeCloseTo(low, 3)
    expect(found.high).toBeCloseTo(high, 3)
  })
})

describe('shareDifference()', () => {
  test('is what Newcombe published for 48 of 80 and 56 of 70', () => {
    const { by, low, high } = shareDifference({ hits: 48, n: 80 }, { hits: 56, n: 70 })
    expect([by, low, high].map((part) => Math.round(part * 1e4) / 1e4)).toEqual([0.2, 0.0524, 0.3339])
  })
})

describe('shift()', () => {
  test.each([
    [3, 3, 0],
    [3, 4, 0],
    [3, 5, 1],
    [4, 4, 1],
    [5, 5, 3],
    [8, 8, 14],
    [10, 10, 24],
    [20, 20, 128],
  ])('of %i and %i values leaves out what the table of the rank-sum test says', (n, m, rank) => {
    // Every difference is another one, so that its place tells the rank.
    const found = shift(
      upTo(n),
      upTo(m).map((value) => value * 100),
    )
    const all = upTo(m)
      .flatMap((b) => upTo(n).map((a) => b * 100 - a))
      .sort((a, b) => a - b)
    if (rank === 0) expect(found).toBeNull()
    else expect(found).toMatchObject({ low: all[rank - 1], high: all[all.length - rank] })
  })

  test('is the other way round from the other side, and moves with what is added', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: -9, max: 9 }), (a, b, more) => {
        const found = shift(a, b)
        const back = shift(b, a)
        if (!found || !back) throw new Error('four values on each side are enough')
        expect([back.by, back.low, back.high].map((part) => -part + 0)).toEqual(
          [found.by, found.high, found.low].map((part) => part + 0),
        )
        const moved = shift(
          a,
          b.map((value) => value + more),
        )
        expect(moved).toEqual({ by: found.by + more, low: found.low + more, high: found.high + more })
        expect(found.low <= found.by && found.by <= found.high).toBe(true)
      }),
    )
  })

  test('finds nothing between runs that are alike, but rarely', () => {
    const next = numbers(7)
    for (const n of [4, 8, 30]) {
      const alarms = upTo(1000).filter(() => {
        const found = shift(upTo(n).map(next), upTo(n).map(next))
        return found && (found.low > 0 || found.high < 0)
      })
      expect(alarms.length / 1000).toBeLessThan(0.065)
    }
  })
})
