import { expect, test } from 'vitest'
import type { Arm } from '../../../schemas/experiments.ts'
import { armOf, shareOf } from '../../../server/experiments/arm-of.ts'
import { fc } from '../../properties.ts'

const UNITS = 20_000

/** Arms `a`, `b`, … of these weights. */
function armsOf(...weights: number[]): Arm[] {
  return weights.map((weight, at) => ({ channel: String.fromCharCode(97 + at), weight }))
}

function armsOfUnits(arms: readonly Arm[], { name = 'x', units = UNITS } = {}): string[] {
  const experiment = { name, arms: [...arms] }
  return Array.from({ length: units }, (_, at) => armOf(experiment, `unit-${at}`)?.channel ?? '')
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Sum of (seen − expected)² ÷ expected. */
function chiSquare(seen: readonly number[], expected: readonly number[]): number {
  return seen.reduce((sum, count, at) => sum + (count - (expected[at] ?? 0)) ** 2 / (expected[at] ?? 1), 0)
}

test.each([[armsOf(9, 1)], [armsOf(4, 2, 1, 1)]])(
  'armOf() gives each arm of %j its share of 100,000 units',
  (arms) => {
    const counts = counted(armsOfUnits(arms, { units: 100_000 }))
    const seen = arms.map(({ channel }) => counts.get(channel) ?? 0)
    const expected = arms.map((arm) => 100_000 * shareOf(arm, arms))
    // 16.3 is what chance exceeds once in a thousand times, with three degrees of freedom.
    expect(chiSquare(seen, expected)).toBeLessThan(16.3)
  },
)

test('armOf() is what the documented hash says, on every machine', () => {
  const arms = ['main', 'experiment-x'].map((channel) => ({ channel, weight: 1 }))
  const given = ['1', '2', '3', '4', '5', 'é', '\u{1F600}', ''].map(
    (unit) => armOf({ name: 'short', arms }, unit)?.channel,
  )
  expect(given).toMatchInlineSnapshot(`
    [
      "main",
      "experiment-x",
      "main",
      "experiment-x",
      "main",
      "experiment-x",
      "main",
      "main",
    ]
  `)
})

test('armOf() asks neither for the order of arms nor for how their weights are scaled', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(weights, fc.string(), (all, unit) => {
      const arms = armsOf(...all)
      const given = armOf({ name: 'x', arms }, unit)?.channel
      expect(armOf({ name: 'x', arms: arms.toReversed() }, unit)?.channel).toBe(given)
      const doubled = arms.map((arm) => ({ ...arm, weight: arm.weight * 2 }))
      expect(armOf({ name: 'x', arms: doubled }, unit)?.channel).toBe(given)
    }),
  )
})

/** Part of units that move when only what must moves: half of what the shares differ by. */
function necessary(before: readonly Arm[], after: readonly Arm[]): number {
  const share = (arms: readonly Arm[], channel: string) =>
    arms
      .filter((arm) => arm.channel === channel)
      .map((arm) => shareOf(arm, arms))
      .at(0) ?? 0
  const channels = new Set([...before, ...after].map(({ channel }) => channel))
  return [...channels].reduce((sum, one) => sum + Math.abs(share(before, one) - share(after, one)) / 2, 0)
}

test.each([
  ['a weight that grows', armsOf(1, 1), armsOf(1, 3)],
  ['a weight that shrinks', armsOf(5, 1, 1), armsOf(2, 1, 1)],
  ['an arm that comes', armsOf(2, 1), armsOf(2, 1, 1)],
  ['an arm that goes', armsOf(2, 1, 1), armsOf(2, 1)],
  ['weights that swap between two arms', armsOf(9, 1), armsOf(1, 9)],
  ['nothing', armsOf(2, 6), armsOf(1, 3)],
])('armOf() moves the necessary share for %s', (_, before, after) => {
  const [old, now] = [armsOfUnits(before), armsOfUnits(after)]
  const moved = old.filter((channel, at) => channel !== now[at]).length / UNITS
  const expected = necessary(before, after)
  // Five standard deviations.
  const slack = 5 * Math.sqrt((expected * (1 - expected)) / UNITS)
  expect(Math.abs(moved - expected)).toBeLessThanOrEqual(slack)
})

test('armOf() moves a unit only to an arm that gains, or from one that loses', () => {
  const [before, after] = [armsOf(3, 2, 1), armsOf(3, 2, 4)]
  const [old, now] = [armsOfUnits(before), armsOfUnits(after)]
  for (const [at, channel] of old.entries()) if (channel !== now[at]) expect(now[at]).toBe('c')
})

test('armOf() is independent between experiments', () => {
  const arms = armsOf(1, 1)
  const [one, other] = [armsOfUnits(arms, { name: 'one' }), armsOfUnits(arms, { name: 'other' })]
  const cells = counted(one.map((channel, at) => `${channel}${other[at]}`))
  const seen = ['aa', 'ab', 'ba', 'bb'].map((cell) => cells.get(cell) ?? 0)
  expect(chiSquare(seen, Array(4).fill(UNITS / 4))).toBeLessThan(16.3)
})
