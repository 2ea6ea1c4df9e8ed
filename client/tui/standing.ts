import { at } from '../queue/int-map.ts'
import { blockedBy, type Queue, type Task, taskOf } from '../queue/queue.ts'
import { numberOf } from '../queue/shape.ts'

/** A task's status, with pending told apart by what it waits for. */
export type Standing =
  | 'running'
  | 'done'
  | 'not-needed'
  | 'failed'
  | 'cancelled'
  | 'blocked'
  | 'retry'
  | 'ready'
  | 'waiting'

export interface StandingTask {
  readonly id: string
  readonly task: Task
  readonly standing: Standing
  /** Why it failed, was not needed, was cancelled, is blocked or is tried again. */
  readonly reason: string
}

/** Where a task stands; undefined for an id that is not queued. */
export function standingOf(queue: Queue, id: string): StandingTask | undefined {
  const task = taskOf(queue, id)
  return task && { id, task, ...told(queue, task) }
}

function told(queue: Queue, { spec, state }: Task): Pick<StandingTask, 'standing' | 'reason'> {
  switch (state.status) {
    case 'pending': {
      const cause = blockedBy(queue, spec.id)
      if (cause !== null) return { standing: 'blocked', reason: causeOf(queue, cause) }
      const { lastFailure } = state
      if (lastFailure) return { standing: 'retry', reason: lastFailure.message || lastFailure.kind }
      return { standing: at(queue.ready, numberOf(spec.id)) ? 'ready' : 'waiting', reason: '' }
    }
    case 'failed':
      return { standing: 'failed', reason: state.failure.message || state.failure.kind }
    case 'not-needed':
    case 'cancelled':
      return { standing: state.status, reason: state.reason }
    default:
      return { standing: state.status, reason: '' }
  }
}

/** Why a task is blocked, in words; `id` is the task that will never be done. */
function causeOf(queue: Queue, id: string): string {
  const task = taskOf(queue, id)
  return `${id} ${task?.spec.type ?? ''} ${task?.state.status === 'cancelled' ? 'was cancelled' : 'failed'}`
}
