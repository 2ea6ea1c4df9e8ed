/** Tries at a piece of work: what else happens in a process can lengthen one of them, and hardly all. */
const TRIES = 3

/**
 * Milliseconds of CPU that a piece of work takes, whatever else the machine does: the least of a few tries, or the
 * first that is below `enough`.
 */
export function cpuTime(work: () => void, enough = 0): number {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES && least >= enough; tries++) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

/** True when eight times the work takes less than `most` times as long; below the floor, in ms, all is noise. */
export function growsLinearly(work: (size: number) => void, sizes: Sizes): boolean {
  const { small, most, floor } = sizes
  cpuTime(() => work(small), Number.POSITIVE_INFINITY)
  const bound =
    most *
    Math.max(
      cpuTime(() => work(small)),
      floor,
    )
  return cpuTime(() => work(8 * small), bound) < bound
}

interface Sizes {
  readonly small: number
  readonly most: number
  readonly floor: number
}
