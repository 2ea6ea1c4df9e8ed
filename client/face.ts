import type { RunEvent } from '../schemas/run-event.ts'
import type { AgentEvent } from './harness/harness.ts'

/** Something that shows or records a run as it happens. Contract: `onEvent` must not throw and must not wait. */
export interface Face {
  /** Told of every event, in order, after it is on disk. */
  readonly onEvent: (event: RunEvent) => void
  /** Told what the agent of a task, or `seed`, is doing right now. It is on no disk, and must not leave the machine. */
  readonly onActivity?: (id: string, event: AgentEvent) => void
  /** Told once, before the first event of a resumed run, what the run did before; a face that counts leaves it out. */
  readonly onReplay?: (events: readonly RunEvent[]) => void
  /** Resolves when everything is shown or sent; nothing is told after it is called. */
  readonly close: () => Promise<void>
}
