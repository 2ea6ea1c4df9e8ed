import type { Exposure } from '../../schemas/experiments.ts'

/** How often each channel was given to somebody. */
export interface Exposures {
  readonly count: (exposure: Omit<Exposure, 'count'>) => void
  /** Sorted by experiment, channel and reason. */
  readonly all: () => readonly Exposure[]
}

/** Counts since now. Contract: names come from `experiments.yaml`, never from a request, so their number is bounded. */
export function countExposures(): Exposures {
  const counts = new Map<string, Exposure>()
  return {
    count: ({ experiment, channel, reason }) => {
      const key = `${experiment} ${channel} ${reason}`
      const count = (counts.get(key)?.count ?? 0) + 1
      counts.set(key, { experiment, channel, reason, count })
    },
    all: () => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, exposure]) => exposure),
  }
}
