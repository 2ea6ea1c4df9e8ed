import type { TaskSpec } from '../../schemas/run-event.ts'
import { type FlowRules, objection, queuedSink } from './guards.ts'
import type { EventDraft } from './ledger.ts'
import { idOf, type Queue } from './shape.ts'
import { blockedBy, taskOf } from './view.ts'

/** A task as it is asked for; its id is the queue's to give. */
export type Request = Omit<TaskSpec, 'id' | 'maxAttempts'>

export type Enqueued =
  | {
      readonly ok: true
      readonly id: string
      readonly answer: string
      readonly events: readonly EventDraft[]
    }
  | { readonly ok: false; readonly answer: string; readonly events: readonly EventDraft[] }

const MAX_ATTEMPTS = 2

/** The events that queue a task, or the one that says which guard refused it, and the answer for who asked. */
export function enqueue(queue: Queue, request: Request, rules: FlowRules): Enqueued {
  const refusal = objection(queue, request, rules)
  if (refusal) {
    const event: EventDraft = { e: 'guard-tripped', by: request.enqueuedBy, ...refusal }
    return { ok: false, answer: refusal.message, events: [event] }
  }
  const id = idOf(queue.entries.size + 1)
  const sink = queuedSink(queue, rules)
  const task: TaskSpec = { ...request, id, maxAttempts: MAX_ATTEMPTS }
  const inFront = [...(sink === null ? [] : [sink]), ...waitingFor(queue, request.type, rules)]
  return {
    ok: true,
    id,
    answer: `Queued ${id} (${task.type})${note(queue, task)}`,
    events: [
      { e: 'task-enqueued', task },
      ...inFront.map((waiting): EventDraft => ({ e: 'dependency-added', id: waiting, dependsOn: id })),
    ],
  }
}

/** Runner-seeded tasks whose prompt says that they wait for this type, which is only queued now. */
function waitingFor(queue: Queue, type: string, rules: FlowRules): string[] {
  const waiting: string[] = []
  for (const [other, rule] of rules.types) {
    const id = rule.runnerSeeded && rule.dependsOn.includes(type) ? queue.firstOfType.get(other) : undefined
    if (id !== undefined && taskOf(queue, id)?.state.status === 'pending') waiting.push(id)
  }
  return waiting
}

function note(queue: Queue, task: TaskSpec): string {
  const dead = task.dependsOn.find((id) => blockedBy(queue, id) ?? isLost(queue, id))
  if (dead !== undefined) return `; it is blocked, since "${dead}" will never be done`
  const open = task.dependsOn.filter((id) => {
    const status = taskOf(queue, id)?.state.status
    return status === 'pending' || status === 'running'
  })
  return open.length === 0 ? '; it can start now' : `; it waits for ${open.slice(0, 10).join(', ')}`
}

function isLost(queue: Queue, id: string): boolean {
  const task = taskOf(queue, id)
  return task?.state.status === 'cancelled' || (task?.state.status === 'failed' && !task.spec.optional)
}
