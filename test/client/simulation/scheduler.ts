import type { Clock } from '../../../client/clock.ts'

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Dice {
  readonly random: () => number
  readonly chance: (probability: number) => boolean
  /** A whole number from 0 up to, but not with, `end`. */
  readonly below: (end: number) => number
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T
}

export function diceOf(seed: number): Dice {
  const random = randomOf(seed)
  const below = (end: number): number => Math.floor(random() * end)
  return {
    random,
    below,
    chance: (probability) => random() < probability,
    pick: (choices) => choices[below(choices.length)] as (typeof choices)[0],
  }
}

interface Timer {
  readonly due: number
  readonly run: () => void
}

/** Whatever waits for the world waits here, until the scheduler picks it: one thing at a time, in an order the seed decides. */
export interface Scheduler extends Clock {
  /** Resolves with what `act` gives when its turn comes. */
  readonly soon: <T>(act: () => T) => Promise<T>
  readonly timer: (ms: number, run: () => void) => () => void
  /** Lets one thing happen, and all that follows from it at once; false when nothing waits. */
  readonly step: () => Promise<boolean>
}

/** `haste` is how likely time passes although something else could happen. */
export function schedulerOf(dice: Dice, from: number, haste: () => number): Scheduler {
  let time = from
  const ready: (() => void)[] = []
  const timers = new Set<Timer>()

  const timer = (ms: number, run: () => void): (() => void) => {
    const entry = { due: time + ms, run }
    timers.add(entry)
    return () => void timers.delete(entry)
  }
  const tick = (): boolean => {
    let first: Timer | undefined
    for (const entry of timers) if (first === undefined || entry.due < first.due) first = entry
    if (first === undefined) return false
    timers.delete(first)
    time = Math.max(time, first.due)
    first.run()
    return true
  }
  const act = (): boolean => {
    const [chosen] = ready.splice(dice.below(ready.length), 1)
    chosen?.()
    return chosen !== undefined
  }
  return {
    now: () => time,
    timer,
    soon: (give) =>
      new Promise((resolve, reject) => {
        ready.push(() => {
          try {
            resolve(give())
          } catch (error) {
            reject(error)
          }
        })
      }),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(false)
        const over = (elapsed: boolean): void => {
          cancel()
          signal.removeEventListener('abort', interrupted)
          resolve(elapsed)
        }
        const interrupted = (): void => over(false)
        const cancel = timer(ms, () => over(true))
        signal.addEventListener('abort', interrupted)
      }),
    step: async () => {
      const happened = dice.chance(haste()) ? tick() || act() : act() || tick()
      await new Promise((resolve) => setImmediate(resolve))
      return happened
    },
  }
}
