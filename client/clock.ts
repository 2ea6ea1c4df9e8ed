/** Time, as an argument. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** True when the time has passed, false as soon as `signal` aborts. Contract: never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<boolean>
}

/** A timer that is set for longer goes off at once; milliseconds. */
const LONGEST = 2 ** 31 - 1

/** The real time, as it was when the process began and has passed since: whoever sets the machine's clock moves no deadline. */
export const wallClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  sleep: async (ms, signal) => {
    for (let left = ms; left > LONGEST; left -= LONGEST) {
      if (!(await timer(LONGEST, signal))) return false
    }
    return timer(ms > LONGEST ? ms % LONGEST : ms, signal)
  },
}

function timer(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const wakeUp = (elapsed: boolean): void => {
      clearTimeout(timeout)
      signal.removeEventListener('abort', interrupt)
      resolve(elapsed)
    }
    const interrupt = (): void => wakeUp(false)
    const timeout = setTimeout(wakeUp, ms, true)
    signal.addEventListener('abort', interrupt)
  })
}
