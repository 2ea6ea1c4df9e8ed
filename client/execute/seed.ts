import type { Registry } from '../prompts/registry.ts'
import type { EventDraft } from '../queue/ledger.ts'
import { type Failure, type Queue, tasksOf } from '../queue/queue.ts'
import { type Desk, seedAssignment } from './assignment.ts'
import { type AttemptOptions, attempt } from './attempt.ts'
import { operationsFor } from './operations.ts'

/**
 * Queues the runner-seeded tasks that are not queued yet. What they wait for is put in front of them when it
 * is planned. A guard that objects is on record, and the run goes on.
 */
export async function queueRunnerSeeded(desk: Desk): Promise<void> {
  const { enqueue } = operationsFor({ by: 'runner' }, desk)
  const inputs = { framework: desk.project.framework }
  for (const [type, prompt] of desk.registry.prompts) {
    if (!prompt.runnerSeeded || desk.ledger.head().firstOfType.has(type)) continue
    await enqueue({ type, dependsOn: [], inputs, optional: false }).catch(() => undefined)
  }
}

/** Lets the planner fill the queue, unless it has done so before; queueing is all it can do. */
export async function plan(desk: Desk, options: AttemptOptions): Promise<void> {
  const { ledger } = desk
  if (ledger.head().planning === 'ended' || options.signal.aborted) return
  const assignment = seedAssignment(desk)
  await ledger.transact(() => ({
    events: [{ e: 'seed-started', model: assignment.model }],
    answer: undefined,
  }))
  const { failure, spent } = await attempt(assignment, options)
  const { turns, usage, usd } = spent
  await ledger.transact((head) => ({
    events: [
      { e: 'seed-ended', failure, turns, usage: [...usage], ...(usd === undefined ? {} : { usd }) },
      ...(failure && failure.kind !== 'cancelled' ? givingUp(head, failure) : []),
    ],
    answer: undefined,
  }))
}

/** True for a task that has to wait until all is planned: the sink, and what waits for types that are still to come. */
export function isHeldWhilePlanning(registry: Registry, type: string): boolean {
  const prompt = registry.prompts.get(type)
  if (!prompt) return false
  return prompt.sink === true || (prompt.runnerSeeded === true && prompt.dependsOn.length > 0)
}

/** Half a plan is not carried out: what has not started never will. */
function givingUp(head: Queue, failure: Failure): EventDraft[] {
  const waiting = [...tasksOf(head)].filter(({ state }) => state.status === 'pending')
  return waiting.map(({ spec }) => ({
    e: 'task-cancelled',
    id: spec.id,
    reason: `planning failed: ${failure.message}`,
  }))
}
