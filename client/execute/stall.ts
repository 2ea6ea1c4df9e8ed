import type { Clock } from '../clock.ts'
import type { AgentEvent, AgentJob } from '../harness/harness.ts'

export interface StallOptions {
  /** Told every event after it was noted. */
  readonly onEvent: AgentJob['onEvent']
  readonly clock: Clock
  readonly stallMs: number
  /** Ends the watching. */
  readonly over: AbortSignal
  readonly onStall: () => void
}

/**
 * Listens to an agent, and tells when it has said nothing for too long. While a tool is at work the agent has
 * nothing to say: the tool has a time limit of its own.
 */
export function stallWatch({ onEvent, clock, stallMs, over, onStall }: StallOptions): AgentJob['onEvent'] {
  let heardAt = clock.now()
  const open = new Set<string>()
  const watch = async (): Promise<void> => {
    for (;;) {
      if (!(await clock.sleep(Math.max(1, heardAt + stallMs - clock.now()), over))) return
      if (open.size > 0) heardAt = clock.now()
      else if (clock.now() - heardAt >= stallMs) return onStall()
    }
  }
  void watch()
  return (event: AgentEvent) => {
    heardAt = clock.now()
    if (event.t === 'call') open.add(event.id)
    if (event.t === 'result') open.delete(event.id)
    onEvent(event)
  }
}
