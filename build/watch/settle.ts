import type { Bell } from './bell.ts'

/** Something seen at one moment; equal keys mean that the same was seen. */
interface Glimpse {
  readonly key: string
}

export interface SettleOptions<Seen extends Glimpse> {
  /** Sees what is there now. */
  readonly look: () => Promise<Seen>
  /** Rings when something may have changed. */
  readonly bell: Bell
  /** Begins the work on what will most likely settle; it is waited for. */
  readonly prepare: (seen: Seen) => Promise<void>
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly signal: AbortSignal
}

/** What nothing was heard of for so long is worth working on. */
const BREATH_MS = 10

/** How long a tree has to be still before it counts as saved. Programs that write slowly pause for 120 ms. */
const QUIET_MS = 150

/** The same once it was seen that somebody writes piece by piece. */
const SLOW_QUIET_MS = 350

/**
 * Resolves with what has not changed for a while. Nobody can know that a writer has ended; what can be known is that
 * the same bytes were read at the beginning and at the end of a quiet time. Work on them is done meanwhile.
 */
export async function settle<Seen extends Glimpse>(
  options: SettleOptions<Seen>,
  glimpse: { readonly seen: Seen; readonly at: number },
): Promise<Seen> {
  const { look, bell, prepare, now, signal } = options
  let calm: Calm<Seen> = { ...glimpse, isPrepared: false, quiet: QUIET_MS }
  while (!signal.aborted) {
    const rang = await bell.wait(calm.isPrepared ? calm.at + calm.quiet - now() : BREATH_MS)
    if (!rang && !calm.isPrepared) {
      calm = { ...calm, isPrepared: true }
      await prepare(calm.seen)
      continue
    }
    const at = now()
    const seen = await look()
    if (seen.key !== calm.seen.key) calm = disturbed(calm, seen, at)
    else if (at - calm.at >= calm.quiet) return seen
  }
  return calm.seen
}

/** What was seen last, and what is known of the quiet since. */
interface Calm<Seen extends Glimpse = Glimpse> {
  readonly seen: Seen
  readonly at: number
  readonly isPrepared: boolean
  /** How long it has to last. */
  readonly quiet: number
}

/** What changes after it has held its breath is written piece by piece. */
function disturbed<Seen extends Glimpse>({ isPrepared, quiet }: Calm, seen: Seen, at: number): Calm<Seen> {
  return { seen, at, isPrepared: false, quiet: isPrepared ? SLOW_QUIET_MS : quiet }
}
