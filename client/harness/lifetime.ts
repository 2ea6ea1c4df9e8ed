import type { AgentJob, AgentOutcome } from './harness.ts'

/** Why an agent ended. */
export type Ending = Omit<AgentOutcome, 'turns' | 'usage' | 'ms'>

/** How long work that was told to stop is waited for. */
const GRACE_MS = 1500

/**
 * Lets an agent work until it is done, its job is aborted, or its time is over, and never much longer. What it is
 * given aborts then. Never rejects.
 */
export async function lifetime(
  { signal, limits }: Pick<AgentJob, 'signal' | 'limits'>,
  work: (signal: AbortSignal) => Promise<Ending>,
): Promise<Ending> {
  const stop = new AbortController()
  const cut = Promise.withResolvers<Ending>()
  let told: Ending | undefined
  let grace: NodeJS.Timeout | undefined
  const end = (ending: Ending): void => {
    if (told) return
    told = ending
    stop.abort(new Error(ending.message))
    grace = setTimeout(() => cut.resolve({ ...ending, isLost: true }), GRACE_MS)
  }
  const aborted = (): void => end({ end: 'aborted', message: 'The run was cancelled' })
  const late = (): void => end({ end: 'timeout', message: `Not done after ${limits.timeoutMs} ms` })
  signal.addEventListener('abort', aborted, { once: true })
  const timer = setTimeout(late, limits.timeoutMs)
  try {
    if (signal.aborted) aborted()
    const ending = await (told ?? Promise.race([work(stop.signal), cut.promise]))
    return ending.isLost ? ending : (told ?? ending)
  } catch (error) {
    return told ?? { end: 'crash', message: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
    clearTimeout(grace)
    signal.removeEventListener('abort', aborted)
    stop.abort()
  }
}
