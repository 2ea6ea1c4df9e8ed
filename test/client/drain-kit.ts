import { expect } from 'vitest'
import { wallClock } from '../../client/clock.ts'
import type { Ending } from '../../client/execute/attempt.ts'
import type { DrainOptions } from '../../client/execute/executor.ts'
import { operationsFor } from '../../client/execute/operations.ts'
import type { Start } from '../../client/execute/task-attempts.ts'
import type { Ledger } from '../../client/queue/ledger.ts'
import type { Failure } from '../../client/queue/queue.ts'
import type { RunEvent, TaskSpec } from '../../schemas/run-event.ts'
import { handoff, rules } from './scripted.ts'

export const ok: Ending = { failure: null, lost: false, spent: { turns: 1, usage: [] } }
export const failing = (kind: Failure['kind'], more: Partial<Ending> = {}): Ending => ({
  ...ok,
  failure: { kind, message: kind },
  ...more,
})
const never = new AbortController().signal

export function optionsFor(
  ledger: Ledger,
  attempt: DrainOptions['attempt'],
  more: Partial<DrainOptions> = {},
): DrainOptions {
  return {
    ledger,
    concurrency: 1,
    planning: Promise.resolve(),
    isHeld: () => false,
    modelOf: () => 'm',
    standIn: () => undefined,
    check: () => undefined,
    onMachine: () => undefined,
    attempt,
    clock: wallClock,
    random: () => 1,
    signal: never,
    onFault: (error) => {
      throw error
    },
    ...more,
  }
}

export const load = (ledger: Ledger, tasks: readonly TaskSpec[]): Promise<void> =>
  ledger.transact(() => ({
    events: tasks.map((task) => ({ e: 'task-enqueued', task }) as const),
    answer: undefined,
  }))

export const complete = (
  ledger: Ledger,
  { task, attempt }: Pick<Start, 'task' | 'attempt'>,
  status: 'done' | 'failed' = 'done',
) =>
  operationsFor(
    { by: 'task', id: task.spec.id, attempt },
    { ledger, rules: rules(), labelOf: (type) => type },
  ).complete({
    status,
    handoff: handoff(),
  })

export const reporting =
  (ledger: Ledger): DrainOptions['attempt'] =>
  async (start) => {
    await complete(ledger, start)
    return ok
  }

/** What must hold of any journal: nothing starts early, nothing above the cap, nothing that is over runs again. */
export function check(events: readonly RunEvent[], cap: number): { readonly order: string[] } {
  const over = new Set<string>()
  const deps = new Map<string, readonly string[]>()
  const order: string[] = []
  let running = 0
  for (const event of events) {
    if (event.e === 'task-enqueued') deps.set(event.task.id, event.task.dependsOn)
    if (event.e === 'task-started') {
      expect(++running).toBeLessThanOrEqual(cap)
      expect(over.has(event.id)).toBe(false)
      expect(deps.get(event.id)?.every((dep) => over.has(dep))).toBe(true)
      order.push(event.id)
    }
    if (event.e !== 'attempt-ended') continue
    running--
    if (!event.retry) over.add(event.id)
  }
  return { order }
}
