import { at, drop, put } from './int-map.ts'
import type { Counts, Draft, Entry, List, Queue } from './shape.ts'
import type { Task } from './task.ts'

/** True when dependents need not wait for the task any more. */
export function isMet(task: Task): boolean {
  const { status } = task.state
  return status === 'done' || status === 'not-needed' || (status === 'failed' && task.spec.optional)
}

/** True when the task will never be met: it failed for good, was cancelled, or is blocked itself. */
export function isDead(entry: Entry): boolean {
  const { status } = entry.task.state
  return (
    entry.blockedBy !== null || status === 'cancelled' || (status === 'failed' && !entry.task.spec.optional)
  )
}

/** Makes task `number` wait for `dependency`. */
export function wait(draft: Draft, number: number, dependency: number): void {
  const entry = entryAt(draft, dependency)
  draft.entries = put(draft.entries, dependency, {
    ...entry,
    dependents: { head: number, tail: entry.dependents },
  })
  draft.leaves = drop(draft.leaves, dependency)
  if (isMet(entry.task)) return
  const waiting = entryAt(draft, number)
  draft.entries = put(draft.entries, number, { ...waiting, unmet: waiting.unmet + 1 })
  draft.ready = drop(draft.ready, number)
  if (isDead(entry)) block(draft, entry.blockedBy ?? dependency, { head: number, tail: null })
}

/** One dependency of each of them is met. */
export function release(draft: Draft, dependents: List<number>): void {
  for (let list = dependents; list; list = list.tail) {
    const entry = entryAt(draft, list.head)
    const unmet = entry.unmet - 1
    draft.entries = put(draft.entries, list.head, { ...entry, unmet })
    const isReady = unmet === 0 && entry.blockedBy === null && entry.task.state.status === 'pending'
    if (isReady) draft.ready = put(draft.ready, list.head, true)
  }
}

/** Neither these nor what waits for them can ever run. A task is blocked once, so all blocking costs no more than the graph. */
export function block(draft: Draft, cause: number, dependents: List<number>): void {
  const stack: List<number>[] = [dependents]
  while (stack.length > 0) {
    for (let list = stack.pop() ?? null; list; list = list.tail) {
      const entry = entryAt(draft, list.head)
      if (entry.blockedBy !== null || entry.task.state.status !== 'pending') continue
      draft.entries = put(draft.entries, list.head, { ...entry, blockedBy: cause })
      draft.ready = drop(draft.ready, list.head)
      draft.counts = moved(draft.counts, 'pending', 'blocked')
      stack.push(entry.dependents)
    }
  }
}

/** True when `target` is `from` or waits for it, directly or not. */
export function reaches(queue: Queue, from: number, target: number): boolean {
  const seen = new Set([from])
  for (const number of seen) {
    if (number === target) return true
    for (let list = at(queue.entries, number)?.dependents ?? null; list; list = list.tail) seen.add(list.head)
  }
  return false
}

/** What the task counts as. */
export function bucketOf(entry: Entry): keyof Counts {
  const { status } = entry.task.state
  return status === 'pending' && entry.blockedBy !== null ? 'blocked' : status
}

/** The counts after one task went from one bucket to another. */
export function moved(counts: Counts, from: keyof Counts, to: keyof Counts): Counts {
  return from === to ? counts : { ...counts, [from]: counts[from] - 1, [to]: counts[to] + 1 }
}

function entryAt(queue: Queue, number: number): Entry {
  const entry = at(queue.entries, number)
  if (!entry) throw new RangeError(`Cannot find task ${number}: ${queue.entries.size} are queued`)
  return entry
}
