import type { RunEvent } from '../../schemas/run-event.ts'

/** How the wait of one session felt, as far as it has gone; in milliseconds. */
export interface Wait {
  readonly launchedAt: number
  readonly lastAt: number
  readonly firstTask: number | null
  readonly firstCompletion: number | null
  readonly longestSilence: number
}

/** The wait after one more event: as `responsivenessOf()` measures it, and without keeping any event. */
export function waited(before: Wait | null, event: RunEvent): Wait {
  const { at } = event
  const wait = before === null || isLaunch(event) ? waitFrom(event) : before
  const since = at - wait.launchedAt
  const isCompletion = event.e === 'attempt-ended' && event.failure === null
  return {
    launchedAt: wait.launchedAt,
    lastAt: at,
    firstTask: wait.firstTask ?? (event.e === 'task-started' ? since : null),
    firstCompletion: wait.firstCompletion ?? (isCompletion ? since : null),
    longestSilence: Math.max(wait.longestSilence, at - wait.lastAt),
  }
}

function isLaunch({ e }: RunEvent): boolean {
  return e === 'run-started' || e === 'run-resumed'
}

function waitFrom(event: RunEvent): Wait {
  const launchedAt = ('launchedAt' in event ? event.launchedAt : undefined) ?? event.at
  return { launchedAt, lastAt: launchedAt, firstTask: null, firstCompletion: null, longestSilence: 0 }
}
