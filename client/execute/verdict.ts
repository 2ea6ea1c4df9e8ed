import type { Registry } from '../prompts/registry.ts'
import { listed } from '../queue/guards.ts'
import { blockedBy, type Queue, type Task, tasksOf } from '../queue/queue.ts'

export interface Verdict {
  readonly verdict: 'succeeded' | 'failed' | 'cancelled'
  /** Why it did not succeed, one sentence each. */
  readonly reasons: readonly string[]
  /** True when the run was stopped before its end, so that it can be taken up again. */
  readonly resumable?: boolean
}

/** Why a run was told to stop before its end. */
export type Stop = { readonly kind: 'interrupted' } | { readonly kind: 'used-up'; readonly why: string }

/** What the run came to. A run succeeds only when it was planned, closed, and nothing in it failed or was left undone. */
export function verdictOf(queue: Queue, registry: Registry, stop: Stop | undefined): Verdict {
  const { counts, planning } = queue
  const isCutShort = stop !== undefined && (planning !== 'ended' || counts.pending > 0)
  const { size } = queue.entries
  const left = size === 0 ? 'nothing had been queued' : `${counts.pending} of ${size} tasks had not run`
  if (isCutShort && stop.kind === 'interrupted') {
    return { verdict: 'cancelled', reasons: [`The run was interrupted; ${left}`], resumable: true }
  }
  if (isCutShort && stop.kind === 'used-up') {
    return { verdict: 'failed', reasons: [`${stop.why}; ${left}`], resumable: true }
  }
  const reasons = [...planningReasons(queue, registry), ...taskReasons(queue)]
  return { verdict: reasons.length === 0 ? 'succeeded' : 'failed', reasons }
}

function planningReasons(queue: Queue, registry: Registry): string[] {
  const failure = queue.seed?.failure
  if (failure) return [`Planning failed (${failure.kind}): ${failure.message}`]
  const tasks = [...tasksOf(queue)]
  if (!tasks.some(({ spec }) => spec.enqueuedBy === 'seed')) return ['The planner queued nothing']
  const sinks = [...registry.prompts.values()].filter(({ sink }) => sink)
  const missing = sinks.filter(({ type }) => !queue.firstOfType.has(type))
  return missing.map(({ type }) => `The planner did not queue "${type}", which closes the flow`)
}

function taskReasons(queue: Queue): string[] {
  const failed: string[] = []
  const blocked: string[] = []
  const cancelled: string[] = []
  const undone: string[] = []
  for (const task of tasksOf(queue)) {
    const name = `${task.spec.id} (${task.spec.type})`
    const cause = blockedBy(queue, task.spec.id)
    if (isFailure(task)) failed.push(`${name} failed${failureOf(task)}`)
    else if (task.state.status === 'cancelled') cancelled.push(name)
    else if (cause !== null) blocked.push(`${name} by ${cause}`)
    else if (task.state.status === 'pending' || task.state.status === 'running') undone.push(name)
  }
  return [
    ...failed.slice(0, 10),
    ...(failed.length > 10 ? [`${failed.length - 10} more tasks failed`] : []),
    ...summed(blocked, 'blocked'),
    ...summed(cancelled, 'cancelled'),
    ...summed(undone, 'never run'),
  ]
}

function summed(names: readonly string[], what: string): string[] {
  if (names.length === 0) return []
  return [`${names.length} ${names.length === 1 ? 'task was' : 'tasks were'} ${what}: ${listed(names)}`]
}

function isFailure({ spec, state }: Task): boolean {
  return state.status === 'failed' && !spec.optional
}

function failureOf({ state }: Task): string {
  return state.status === 'failed' ? ` (${state.failure.kind}): ${state.failure.message}` : ''
}
