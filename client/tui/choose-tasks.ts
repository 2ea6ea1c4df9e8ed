import type { Standing, StandingTask } from './standing.ts'

/** What a low screen shows first. */
const RANK: Readonly<Record<Standing, number>> = {
  running: 0,
  failed: 1,
  ready: 2,
  cancelled: 3,
  blocked: 4,
  done: 5,
  'not-needed': 5,
  waiting: 6,
}
/** So many of those that ended last are shown before anything but what runs. */
const RECENT = 3

export interface Choice {
  /** In the queue's order. */
  readonly shown: readonly StandingTask[]
  readonly rest: readonly StandingTask[]
}

/** The tasks that fit: running and recent ones first, one line left for the sum of the rest. */
export function chooseTasks(all: readonly StandingTask[], rows: number): Choice {
  if (all.length <= rows) return { shown: all, rest: [] }
  const recent = new Set(
    all
      .filter((entry) => endedAt(entry) > 0)
      .sort((a, b) => endedAt(b) - endedAt(a))
      .slice(0, RECENT),
  )
  const rank = (entry: StandingTask) => (recent.has(entry) ? 0.5 : RANK[entry.standing])
  const ranked = all
    .map((entry, index) => ({ entry, index, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || endedAt(b.entry) - endedAt(a.entry) || a.index - b.index)
  const kept = new Set(ranked.slice(0, Math.max(0, rows - 1)).map(({ entry }) => entry))
  return { shown: all.filter((entry) => kept.has(entry)), rest: all.filter((entry) => !kept.has(entry)) }
}

function endedAt({ task }: StandingTask): number {
  return 'endedAt' in task.progress ? task.progress.endedAt : 0
}
