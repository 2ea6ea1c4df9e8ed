/** Something that is rung by many and waited for by one. */
export interface Bell {
  readonly ring: () => void
  /** Resolves once it has rung since the last wait, after `limit` milliseconds, or when its signal aborts: true if it rang. */
  readonly wait: (limit: number) => Promise<boolean>
}

/** A bell that has not rung yet; nobody waits for it any longer once `signal` has aborted. */
export function createBell(signal: AbortSignal): Bell {
  let rung = false
  let wake: () => void = () => undefined
  signal.addEventListener('abort', () => wake(), { once: true })
  return {
    ring: () => {
      rung = true
      wake()
    },
    wait: async (limit) => {
      if (!rung && !signal.aborted && limit > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, limit)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const heard = rung
      rung = false
      return heard
    },
  }
}
