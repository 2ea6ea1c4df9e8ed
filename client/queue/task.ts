import type { Handoff } from '../../schemas/handoff.ts'
import type { FailureKind, TaskSpec } from '../../schemas/run-event.ts'

export interface Failure {
  readonly kind: FailureKind
  readonly message: string
  /** The model that could not be had, where that is the trouble. */
  readonly lostModel?: string | undefined
}

/** What the agent of a running attempt said through `complete_task`, before it ended. */
export interface Report {
  readonly status: 'done' | 'not-needed' | 'failed'
  readonly handoff: Handoff
  readonly reason?: string
}

export type TaskState =
  | {
      readonly status: 'pending'
      readonly attempts: number
      readonly lastFailure?: Failure
      readonly lastHandoff?: Handoff
    }
  | {
      readonly status: 'running'
      readonly attempts: number
      readonly startedAt: number
      readonly model: string
      readonly report?: Report
    }
  | {
      readonly status: 'done'
      readonly attempts: number
      readonly startedAt: number
      readonly endedAt: number
      readonly model: string
      readonly handoff: Handoff
    }
  | {
      readonly status: 'not-needed'
      readonly attempts: number
      readonly startedAt: number
      readonly endedAt: number
      readonly model: string
      readonly handoff: Handoff
      readonly reason: string
    }
  | {
      readonly status: 'failed'
      readonly attempts: number
      readonly startedAt: number
      readonly endedAt: number
      readonly model: string
      readonly failure: Failure
      readonly handoff?: Handoff
    }
  | { readonly status: 'cancelled'; readonly attempts: number; readonly reason: string }

export interface Task {
  readonly spec: TaskSpec
  readonly state: TaskState
  /** Attempts that failed; one that was interrupted, or failed by the machine, is not among them. */
  readonly failures: number
}

/** True when the task can never change again. */
export function isOver(state: TaskState): boolean {
  return state.status !== 'pending' && state.status !== 'running'
}
