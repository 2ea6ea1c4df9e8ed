/** The time in which something runs, and what has to be ended with it. */
export interface Lifetime {
  /** Aborts as soon as the end begins. */
  readonly signal: AbortSignal
  /** Does this at the end, before all that was asked for earlier. */
  readonly atEnd: (closer: () => void | Promise<void>) => void
  /** Resolves when everything has ended. */
  readonly end: () => Promise<void>
}

/** A lifetime that begins now. Its signal aborts with `outer` too, which ends nothing by itself. */
export function lifetime(outer: AbortSignal): Lifetime {
  const ending = new AbortController()
  const closers: (() => void | Promise<void>)[] = []
  return {
    signal: AbortSignal.any([ending.signal, outer]),
    atEnd: (closer) => void closers.push(closer),
    end: async () => {
      ending.abort(new Error('The server was closed'))
      for (const closer of closers.splice(0).reverse()) await closer()
    },
  }
}
