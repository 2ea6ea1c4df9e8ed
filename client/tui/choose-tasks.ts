import { runnable } from '../queue/queue.ts'
import { idOf, numberOf } from '../queue/shape.ts'
import type { Model } from './model.ts'

/** So many of those that ended last stay in sight, and so many that failed. */
const RECENT = 3

/**
 * Ids of the tasks that fit into so many rows, in the queue's order: what runs, what just ended, what failed, and
 * then the neighbours of what runs. Costs what is shown, however long the queue is.
 */
export function chooseTasks(model: Model, rows: number): readonly string[] {
  const { queue, running, ended, failed } = model
  const size = queue.entries.size
  if (size <= rows) return Array.from({ length: size }, (_, index) => idOf(index + 1))
  const kept = new Set([...running, ...ended.slice(0, RECENT), ...failed.slice(0, RECENT)].slice(0, rows))
  const anchor = anchorOf(model)
  for (let step = 0; kept.size < rows && step < size; step++) {
    for (const number of [anchor + step, anchor - step]) {
      if (kept.size < rows && number >= 1 && number <= size) kept.add(idOf(number))
    }
  }
  return [...kept].sort((a, b) => numberOf(a) - numberOf(b))
}

/** The number of the task that the eye should be on. */
function anchorOf({ queue, running, ended }: Model): number {
  const [ready] = running.length > 0 ? running : runnable(queue)
  return numberOf(ready ?? ended[0] ?? 't1')
}
