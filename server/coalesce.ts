/** Asks for one more round of some work; resolves when a round that began after the call has ended. */
export type Request = () => Promise<void>

/** Folds requests: the work never runs twice at once, and any number of requests during a round make one more. */
export function coalesce(work: () => Promise<void>): Request {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    const round = work().finally(() => {
      if (running === round) running = undefined
    })
    running = round
    return round
  }
  return () => {
    if (next !== undefined) return next
    if (running === undefined) return start()
    next = running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return start()
      })
    return next
  }
}
