import type { RunEvent } from '../../schemas/run-event.ts'
import { isTasksFault } from '../queue/transition.ts'
import { plainText } from '../tui/text.ts'

/** Every attempt that came to nothing and was followed by another one, and why. */
export function retryLines(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.e !== 'attempt-ended' && event.e !== 'seed-ended') return []
    if (!event.retry || event.failure === null || !isTasksFault(event.failure)) return []
    const who = event.e === 'seed-ended' ? 'planning' : `${event.id}, attempt ${event.attempt}`
    return [`${who}: ${event.failure.kind}, ${plainText(event.failure.message)}`]
  })
}

/** Every model that could not be had, and what became of those who asked for it. */
export function lostModelLines(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.e !== 'attempt-ended' && event.e !== 'seed-ended') return []
    if (event.failure?.lostModel === undefined) return []
    const who = event.e === 'seed-ended' ? 'planning' : event.id
    return [`${event.failure.lostModel}, asked for by ${who}: ${plainText(event.failure.message)}`]
  })
}

/** What a guard refused, and to whom. */
export function guardLines(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.e === 'guard-tripped' ? [`${event.guard}, asked by ${event.by}: ${plainText(event.message)}`] : [],
  )
}
