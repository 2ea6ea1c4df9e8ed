import { describe, expect, test } from 'vitest'
import { times } from '../../times.ts'
import { MUTANTS } from './mutants.ts'
import { type Mutant, simulate } from './simulate.ts'

const SEEDS = times(300, 10_000)

/** What went wrong under a seed; undefined when nothing did. */
const foundBy = (seed: number, mutant?: Mutant): Promise<unknown> =>
  simulate(seed, mutant).then(
    () => undefined,
    (error: unknown) => error,
  )

test(`a run keeps its promises under ${SEEDS} seeds, whatever crashes, hangs, lies or comes too late`, async () => {
  let [crashes, executions, succeeded] = [0, 0, 0]
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const story = await simulate(seed)
      crashes += story.crashes
      executions += story.executions
      succeeded += story.succeeded
    } catch (cause) {
      throw new Error(`seed ${seed}: ${String(cause)}`, { cause })
    }
  }
  expect(crashes).toBeGreaterThan(SEEDS)
  expect(executions).toBeGreaterThan(10 * SEEDS)
  expect(succeeded).toBeGreaterThan(SEEDS / 10)
}, 3_600_000)

test('a seed tells the same story each time', async () => {
  expect(await simulate(7)).toEqual(await simulate(7))
})

describe('the simulation finds, within 100 seeds, a run that', () => {
  test.each(MUTANTS)(
    '$name',
    async (mutant) => {
      let seed = 1
      while (seed <= 100 && (await foundBy(seed, mutant)) === undefined) seed++
      expect(seed).toBeLessThanOrEqual(100)
    },
    60_000,
  )
})
