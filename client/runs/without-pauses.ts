import type { RunEvent } from '../../schemas/run-event.ts'

export interface WorkedEvents {
  /** In order; `at` is the milliseconds of the run that had passed, those while nobody worked on it left out. */
  readonly events: readonly RunEvent[]
  /** Where the run had been interrupted and was taken up again. */
  readonly pauses: readonly number[]
}

/** A run that was taken up again after a day did not take a day. Its clock never runs backwards. */
export function withoutPauses(events: readonly RunEvent[]): WorkedEvents {
  const pauses: number[] = []
  const worked: RunEvent[] = []
  let before = events[0]?.at ?? 0
  let passed = 0
  for (const event of events) {
    if (event.e === 'run-resumed') pauses.push(passed)
    else passed += Math.max(0, event.at - before)
    before = event.at
    worked.push({ ...event, at: passed })
  }
  return { events: worked, pauses }
}
