/** Time, as an argument. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** True when the time has passed, false as soon as `signal` aborts. Contract: never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<boolean>
}

/** The real time. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(false)
      const wakeUp = (elapsed: boolean): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', interrupt)
        resolve(elapsed)
      }
      const interrupt = (): void => wakeUp(false)
      const timer = setTimeout(wakeUp, ms, true)
      signal.addEventListener('abort', interrupt)
    }),
}
