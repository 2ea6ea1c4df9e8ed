import type { Registry } from '../prompts/registry.ts'
import type { EventDraft } from '../queue/ledger.ts'
import { type Failure, type Queue, tasksOf } from '../queue/queue.ts'
import { type Desk, seedAssignment } from './assignment.ts'
import { type AttemptOptions, attempt } from './attempt.ts'
import { backoffOf, blamed, isRetried } from './failure.ts'
import { operationsFor } from './operations.ts'
import { machineSentence, settledFailure } from './task-attempts.ts'

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

export interface PlanOptions extends AttemptOptions {
  /** From 0 to 1. */
  readonly random: () => number
  /** As for tasks. */
  readonly onMachine: (why: string) => void
}

/** Attempts that planning gets, as long as nothing has been planned. */
const MAX_ATTEMPTS = 2

/** Lets the planner fill the queue, unless it has done so before; queueing is all it can do. */
export async function plan(desk: Desk, options: PlanOptions): Promise<void> {
  while (desk.ledger.head().planning !== 'ended' && !options.signal.aborted) {
    const delay = await planOnce(desk, options)
    if (delay === undefined) return
    if (delay > 0) await options.clock.sleep(delay, options.signal)
  }
}

/** Resolves with the milliseconds until the planner is asked again; undefined when it is not. */
async function planOnce(desk: Desk, options: PlanOptions): Promise<number | undefined> {
  const { ledger, models } = desk
  const assignment = seedAssignment(desk)
  await ledger.transact(() => ({
    events: [{ e: 'seed-started', model: assignment.model }],
    answer: undefined,
  }))
  const ending = await attempt(assignment, options)
  const blame = blamed(ending.failure, ending.machine)
  if (blame?.kind === 'machine') options.onMachine(machineSentence(blame))
  return ledger.transact((head) => {
    const { failure, standIn } = settledFailure(blame, head.lostModels, models)
    const { turns, usage, usd } = ending.spent
    const retry = failure !== null && mayPlanAgain(head, failure, { standIn, lost: ending.lost })
    const spent = { turns, usage: [...usage], ...(usd === undefined ? {} : { usd }) }
    const failures = head.seedFailures
    return {
      events: [
        { e: 'seed-ended', failure, retry, ...spent },
        ...(failure && !retry && failure.kind !== 'cancelled' ? givingUp(head, failure) : []),
      ],
      answer: retry
        ? backoffOf(failure, { failures, retryAfterMs: ending.retryAfterMs, random: options.random() })
        : undefined,
    }
  })
}

/** Only who has planned nothing begins anew: whoever comes after a half plan cannot know what was meant. */
function mayPlanAgain(
  head: Queue,
  failure: Failure,
  { standIn, lost }: { readonly standIn: string | undefined; readonly lost: boolean },
): boolean {
  // It is the run that goes on later, with whatever is planned by now.
  if (failure.kind === 'machine') return true
  if (failure.kind === 'cancelled' || lost) return false
  if ([...tasksOf(head)].some(({ spec }) => spec.enqueuedBy === 'seed')) return false
  if (failure.lostModel !== undefined) return standIn !== undefined
  return isRetried(failure, head.seedFailures, MAX_ATTEMPTS)
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
