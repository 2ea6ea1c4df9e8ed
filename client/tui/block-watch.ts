import type { RunEvent } from '../../schemas/run-event.ts'
import { type Model, type TaskLine, taskOf } from './model.ts'
import { blockedFrom } from './standing.ts'

/** Told every event in order with what is known after it; answers the tasks that can never run because of it. */
export type BlockWatch = (event: RunEvent, model: Model) => readonly TaskLine[]

/** A watch at the start of a run. It costs what it finds, so that a long queue may fail task by task. */
export function blockWatch(): BlockWatch {
  const dependents = new Map<string, string[]>()
  const told = new Set<string>()
  return (event, model) => {
    for (const [id, dependsOn] of dependenciesOf(event)) {
      const list = dependents.get(dependsOn)
      if (list === undefined) dependents.set(dependsOn, [id])
      else list.push(id)
    }
    const failed = event.e === 'attempt-ended' ? taskOf(model, event.id) : undefined
    if (failed?.progress.status !== 'failed' || failed.optional) return []
    const untold = (id: string) => (dependents.get(id) ?? []).filter((dependent) => !told.has(dependent))
    const blocked = blockedFrom([failed], (id) => untold(id).flatMap((next) => taskOf(model, next) ?? []))
    for (const id of blocked.keys()) told.add(id)
    return [...blocked.keys()].flatMap((id) => taskOf(model, id) ?? [])
  }
}

/** Pairs of a task and what it waits for. */
function dependenciesOf(event: RunEvent): readonly (readonly [string, string])[] {
  if (event.e === 'dependency-added') return [[event.id, event.dependsOn]]
  if (event.e !== 'task-enqueued') return []
  return event.task.dependsOn.map((dependsOn) => [event.task.id, dependsOn])
}
