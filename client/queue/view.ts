import { at, entriesOf } from './int-map.ts'
import { hashOf, placeOf } from './place.ts'
import { idOf, type List, numberOf, type Queue } from './shape.ts'
import type { Task } from './task.ts'

/** Ids of the tasks that could start now, in the order they were queued; costs what is taken. */
export function* runnable(queue: Queue): Generator<string> {
  for (const [number] of entriesOf(queue.ready)) yield idOf(number)
}

/** Id of the task that failed for good and so keeps this one from running; null when nothing does. */
export function blockedBy(queue: Queue, id: string): string | null {
  const entry = at(queue.entries, numberOf(id))
  if (!entry || entry.blockedBy === null || entry.task.state.status !== 'pending') return null
  return idOf(entry.blockedBy)
}

/** True when nothing runs and nothing ever will, unless more is queued. */
export function settled(queue: Queue): boolean {
  return queue.counts.pending === 0 && queue.counts.running === 0
}

/** The task with this id. */
export function taskOf(queue: Queue, id: string): Task | undefined {
  return at(queue.entries, numberOf(id))?.task
}

/** Every task, in the order they were queued. */
export function* tasksOf(queue: Queue): Generator<Task> {
  for (const [, entry] of entriesOf(queue.entries)) yield entry.task
}

/** Everything the task waits for: as queued, then what was put in front of it later. */
export function dependenciesOf(queue: Queue, id: string): readonly string[] {
  const entry = at(queue.entries, numberOf(id))
  return entry ? [...entry.task.spec.dependsOn, ...oldestFirst(entry.added)] : []
}

/** Id of a queued task that would do the same work at the same place in the graph. */
export function twinOf(queue: Queue, spec: Parameters<typeof placeOf>[0]): string | null {
  const place = placeOf(spec)
  let list = at(queue.places, hashOf(place)) ?? null
  for (; list; list = list.tail) {
    const task = taskOf(queue, idOf(list.head))
    if (task && placeOf(task.spec) === place) return task.spec.id
  }
  return null
}

function oldestFirst(list: List<number>): string[] {
  const ids: string[] = []
  for (let rest = list; rest; rest = rest.tail) ids.push(idOf(rest.head))
  return ids.reverse()
}
