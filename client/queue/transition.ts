import type { RunEvent } from '../../schemas/run-event.ts'
import type { Failure, Report, Task, TaskState } from './task.ts'

/** An event that the queue's rules do not allow at this point; the queue is as it was. */
export class IllegalTransitionError extends Error {
  override readonly name = 'IllegalTransitionError'
}

export type EventOf<E extends RunEvent['e']> = Extract<RunEvent, { e: E }>
type Running = Extract<TaskState, { status: 'running' }>

/** A pending task starts its next attempt. */
export function started(task: Task, event: EventOf<'task-started'>): Task {
  const { state } = task
  if (state.status !== 'pending') throw refusal('start', event.id, `it is ${state.status}`)
  if (event.attempt !== state.attempts + 1) {
    throw refusal('start', event.id, `attempt ${event.attempt} does not follow attempt ${state.attempts}`)
  }
  const { at: startedAt, model } = event
  return { ...task, state: { status: 'running', attempts: event.attempt, startedAt, model } }
}

/** The agent of the running attempt says how it went; nothing is released until it ends. */
export function reported(task: Task, event: EventOf<'task-reported'>): Task {
  const state = runningAttempt(task, event, 'report on')
  if (state.report) throw refusal('report on', event.id, `attempt ${event.attempt} has reported already`)
  const { status, handoff, reason } = event
  const report: Report = { status, handoff, ...(reason === undefined ? {} : { reason }) }
  return { ...task, state: { ...state, report } }
}

/** The agent of the running attempt is gone; its report, or the failure, decides what the task becomes. */
export function ended(task: Task, event: EventOf<'attempt-ended'>): Task {
  const state = runningAttempt(task, event, 'end')
  const report = state.report
  if (!event.failure) return { ...task, state: succeeded(state, event) }
  if (report && report.status !== 'failed') {
    throw refusal('fail', event.id, `attempt ${event.attempt} has reported "${report.status}"`)
  }
  const failures = task.failures + (isTasksFault(event.failure) ? 1 : 0)
  if (!event.retry) return { ...task, failures, state: failed(state, event.failure, event.at) }
  if (failures >= task.spec.maxAttempts) {
    throw refusal('retry', event.id, `${failures} of ${task.spec.maxAttempts} attempts have failed`)
  }
  return { ...task, failures, state: again(state, event.failure) }
}

/** An attempt that was interrupted, or that had no model or no room to run it, says nothing about its task. */
export function isTasksFault({ kind, lostModel }: Failure): boolean {
  return kind !== 'cancelled' && kind !== 'machine' && lostModel === undefined
}

/** A pending task is given up. */
export function cancelled(task: Task, event: EventOf<'task-cancelled'>): Task {
  if (task.state.status !== 'pending') throw refusal('cancel', event.id, `it is ${task.state.status}`)
  return { ...task, state: { status: 'cancelled', attempts: task.state.attempts, reason: event.reason } }
}

/** Says which step was refused, on what, and why. */
export function refusal(verb: string, id: string, why: string): IllegalTransitionError {
  return new IllegalTransitionError(`Cannot ${verb} "${id}": ${why}`)
}

function runningAttempt(task: Task, event: { id: string; attempt: number }, verb: string): Running {
  const { state } = task
  if (state.status !== 'running') throw refusal(verb, event.id, `it is ${state.status}, not running`)
  if (state.attempts !== event.attempt) {
    throw refusal(verb, event.id, `attempt ${event.attempt} is over, attempt ${state.attempts} is running`)
  }
  return state
}

function succeeded(state: Running, event: EventOf<'attempt-ended'>): TaskState {
  const report = state.report
  if (!report || report.status === 'failed') {
    const why = report ? 'reported "failed"' : 'has not reported'
    throw refusal('settle', event.id, `attempt ${event.attempt} ${why}, so its end needs a failure`)
  }
  if (event.retry) throw refusal('retry', event.id, `attempt ${event.attempt} reported "${report.status}"`)
  const { attempts, startedAt, model } = state
  const over = { attempts, startedAt, endedAt: event.at, model, handoff: report.handoff }
  if (report.status === 'done') return { status: 'done', ...over }
  return { status: 'not-needed', ...over, reason: report.reason ?? report.handoff.did }
}

function failed(state: Running, failure: Failure, endedAt: number): TaskState {
  const { attempts, startedAt, model, report } = state
  const handoff = report ? { handoff: report.handoff } : {}
  return { status: 'failed', attempts, startedAt, endedAt, model, failure, ...handoff }
}

function again(state: Running, failure: Failure): TaskState {
  const left = state.report ? { lastHandoff: state.report.handoff } : {}
  return { status: 'pending', attempts: state.attempts, lastFailure: failure, ...left }
}
