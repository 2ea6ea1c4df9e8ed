import type { RunEvent } from '../../schemas/run-event.ts'

/** How the wait felt; all in milliseconds since launch, or of duration. */
export interface Responsiveness {
  /** Null when no task started. */
  readonly firstTask: number | null
  /** Null when no task was completed. */
  readonly firstCompletion: number | null
  /** The longest time without an event, launch and exit included. */
  readonly longestSilence: number
  readonly total: number
}

/** Measures one session of a run, from its events in order. */
export function responsivenessOf(
  events: readonly RunEvent[],
  { launchedAt, endedAt }: { readonly launchedAt: number; readonly endedAt: number },
): Responsiveness {
  const since = (event: RunEvent | undefined): number | null => (event ? event.at - launchedAt : null)
  let longestSilence = 0
  let last = launchedAt
  for (const { at } of [...events, { at: endedAt }]) {
    longestSilence = Math.max(longestSilence, at - last)
    last = at
  }
  return {
    firstTask: since(events.find(({ e }) => e === 'task-started')),
    firstCompletion: since(events.find((event) => event.e === 'attempt-ended' && event.failure === null)),
    longestSilence,
    total: endedAt - launchedAt,
  }
}
