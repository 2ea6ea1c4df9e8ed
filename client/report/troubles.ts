import type { RunEvent } from '../../schemas/run-event.ts'
import { isTasksFault } from '../queue/transition.ts'
import { plainText } from '../tui/text.ts'
import { tokensIn } from './spending.ts'

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

/** Whose tokens are not all told: their answers broke off, or they were killed. */
export function uncountedLines(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.e === 'run-resumed' && event.isCut)
      return ['planning: what it had used when mill ended is not known']
    if (!('usage' in event) || !event.usage.some(({ isCut }) => isCut)) return []
    const who = event.e === 'seed-ended' ? 'planning' : `${event.id}, attempt ${event.attempt}`
    const isKnown = event.usage.some((part) => tokensIn(part) > 0)
    return [isKnown ? `${who}: it used more than is told` : `${who}: what it used is not known`]
  })
}

/** What a guard refused, and to whom. */
export function guardLines(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.e === 'guard-tripped' ? [`${event.guard}, asked by ${event.by}: ${plainText(event.message)}`] : [],
  )
}
