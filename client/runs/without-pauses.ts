import type { RunEvent } from '../../schemas/run-event.ts'

export interface WorkedEvents {
  /** In order; `at` is the milliseconds of the run that had passed, those while nobody worked on it left out. */
  readonly events: readonly RunEvent[]
  /** Where the run had been interrupted and was taken up again. */
  readonly pauses: readonly number[]
}

/** Counts from when a person asked. A run that was taken up again after a day did not take a day; no clock runs backwards. */
export function withoutPauses(events: readonly RunEvent[]): WorkedEvents {
  const pauses: number[] = []
  const worked: RunEvent[] = []
  let before = events[0]?.at ?? 0
  let passed = 0
  for (const event of events) {
    if (event.e === 'run-resumed') pauses.push(passed)
    passed += Math.max(0, event.at - (askedAt(event) ?? before))
    before = event.at
    worked.push({ ...event, at: passed })
  }
  return { events: worked, pauses }
}

/** When a person asked for what begins here; what went before it is no part of it. */
function askedAt(event: RunEvent): number | undefined {
  if (event.e !== 'run-started' && event.e !== 'run-resumed') return undefined
  return event.launchedAt ?? event.at
}
