import type { RunEvent } from '../../schemas/run-event.ts'
import { at } from '../queue/int-map.ts'
import type { Queue } from '../queue/queue.ts'
import { idOf, type List, numberOf } from '../queue/shape.ts'

/** Ids of the tasks that can never run because of the event. It costs what it finds. */
export function newlyBlocked(event: RunEvent, before: Queue, after: Queue): readonly string[] {
  const found: number[] = []
  const visit = (number: number): void => {
    if (isBlocked(after, number) && !isBlocked(before, number)) found.push(number)
  }
  if (event.e === 'dependency-added') visit(numberOf(event.id))
  if (event.e === 'attempt-ended') for (const number of dependentsOf(after, numberOf(event.id))) visit(number)
  const seen = new Set(found)
  // Grows while it is walked.
  for (const number of seen) {
    for (const next of dependentsOf(after, number)) {
      if (isBlocked(after, next) && !isBlocked(before, next)) seen.add(next)
    }
  }
  return [...seen].sort((a, b) => a - b).map(idOf)
}

function isBlocked(queue: Queue, number: number): boolean {
  return (at(queue.entries, number)?.blockedBy ?? null) !== null
}

function dependentsOf(queue: Queue, number: number): number[] {
  const numbers: number[] = []
  for (let list: List<number> = at(queue.entries, number)?.dependents ?? null; list; list = list.tail) {
    numbers.push(list.head)
  }
  return numbers
}
