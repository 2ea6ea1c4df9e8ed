import type { TaskLine } from './model.ts'

/** A task's status, with pending told apart by what it waits for. */
export type Standing =
  | 'ready'
  | 'waiting'
  | 'blocked'
  | 'running'
  | 'done'
  | 'not-needed'
  | 'failed'
  | 'cancelled'

export interface StandingTask {
  readonly task: TaskLine
  readonly standing: Standing
  /** Why it failed, was not needed, was cancelled, is blocked or is tried again. */
  readonly reason: string
}

/** Where every task stands, in the queue's order. */
export function standings(tasks: readonly TaskLine[]): readonly StandingTask[] {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const blocked = blockedBy(tasks)
  return tasks.map((task) => {
    const { progress } = task
    if (progress.status === 'running' || progress.status === 'done') {
      return { task, standing: progress.status, reason: '' }
    }
    if (progress.status !== 'pending') return { task, standing: progress.status, reason: progress.reason }
    const cause = blocked.get(task.id)
    if (cause !== undefined) return { task, standing: 'blocked', reason: causeOf(cause) }
    const ready = task.dependsOn.every((id) => isMet(byId.get(id)))
    return { task, standing: ready ? 'ready' : 'waiting', reason: progress.lastReason ?? '' }
  })
}

/** Pending task → the task whose failure or cancelling keeps it from ever running. */
export function blockedBy(tasks: readonly TaskLine[]): ReadonlyMap<string, TaskLine> {
  const roots = tasks.filter(isDead)
  if (roots.length === 0) return new Map()
  const dependents = dependentsOf(tasks)
  return blockedFrom(roots, (id) => dependents.get(id) ?? [])
}

/** The pending tasks that cannot run because of the roots; none is looked at twice. */
export function blockedFrom(
  roots: readonly TaskLine[],
  dependents: (id: string) => readonly TaskLine[],
): ReadonlyMap<string, TaskLine> {
  const blocked = new Map<string, TaskLine>()
  const reached = roots.map((root) => ({ id: root.id, root }))
  for (const { id, root } of reached) {
    for (const task of dependents(id)) {
      if (task.progress.status !== 'pending' || blocked.has(task.id)) continue
      blocked.set(task.id, root)
      reached.push({ id: task.id, root })
    }
  }
  return blocked
}

function dependentsOf(tasks: readonly TaskLine[]): ReadonlyMap<string, readonly TaskLine[]> {
  const dependents = new Map<string, TaskLine[]>()
  for (const task of tasks) {
    for (const id of task.dependsOn) {
      const list = dependents.get(id)
      if (list === undefined) dependents.set(id, [task])
      else list.push(task)
    }
  }
  return dependents
}

/** Ended without what its dependents need. */
function isDead(task: TaskLine): boolean {
  const { status } = task.progress
  return status === 'cancelled' || (status === 'failed' && !task.optional)
}

function isMet(task: TaskLine | undefined): boolean {
  if (task === undefined) return true
  const { status } = task.progress
  return status === 'done' || status === 'not-needed' || (status === 'failed' && task.optional)
}

/** Why a task is blocked, in words. */
export function causeOf(root: TaskLine): string {
  return `${root.id} ${root.type} ${root.progress.status === 'cancelled' ? 'was cancelled' : 'failed'}`
}
