import { launch, type Model, update } from '../../../client/tui/model.ts'
import type { RunTitle } from '../../../client/tui/title.ts'
import type { FailureKind, RunEvent, TaskSpec } from '../../../schemas/run-event.ts'

export const TITLE: RunTitle = {
  flow: 'demo',
  app: 'shop',
  framework: 'nextjs',
  harness: 'embedded',
  disclosure: 'no model: rule-based',
  release: '3f2a9c1b4d5e6f70',
}
const HAIKU = 'claude-haiku-4-5-20251001'
const spent = { turns: 1, usage: [] }
const handoff = { goals: 'g', did: 'd', forNextAgent: 'f' }

export const enqueue = (at: number, id: string, more: Partial<TaskSpec> = {}): RunEvent => ({
  e: 'task-enqueued',
  at,
  task: {
    id,
    type: `type-${id}`,
    label: `Label ${id}`,
    dependsOn: [],
    inputs: {},
    maxAttempts: 2,
    enqueuedBy: 'seed',
    depth: 0,
    optional: false,
    ...more,
  },
})
export const start = (at: number, id: string, attempt = 1): RunEvent => ({
  e: 'task-started',
  at,
  id,
  attempt,
  model: HAIKU,
})
export const report = (
  at: number,
  id: string,
  said: { status: 'done' | 'not-needed' | 'failed'; reason?: string },
): RunEvent => ({ e: 'task-reported', at, id, attempt: 1, handoff, ...said })
export const end = (
  at: number,
  id: string,
  failure?: { kind: FailureKind; message: string; retry?: boolean },
): RunEvent => ({
  e: 'attempt-ended',
  at,
  id,
  attempt: 1,
  failure: failure === undefined ? null : { kind: failure.kind, message: failure.message },
  retry: failure?.retry ?? false,
  ...spent,
})
export const seeded = (at: number, message?: string): RunEvent => ({
  e: 'seed-ended',
  at,
  failure: message === undefined ? null : { kind: 'api', message },
  ...spent,
})

export const planning = (at: number, model = HAIKU): RunEvent => ({ e: 'seed-started', at, model })

/** A run with a task in every state, from second 0 to second 9. */
export const EVERY_STATE: readonly RunEvent[] = [
  {
    e: 'run-started',
    at: 0,
    run: 'run-1',
    flow: 'demo',
    channel: 'dev',
    release: 'r1',
    framework: 'nextjs',
    harness: 'embedded',
    concurrency: 2,
  },
  planning(0),
  enqueue(1000, 't1'),
  enqueue(1000, 't2'),
  enqueue(1000, 't3'),
  enqueue(1000, 't4', { dependsOn: ['t3'] }),
  enqueue(1000, 't5', { dependsOn: ['t4'] }),
  enqueue(1000, 't6', { dependsOn: ['t1', 't2'] }),
  enqueue(1000, 't7', { dependsOn: ['t6'] }),
  enqueue(1000, 't8'),
  enqueue(1000, 't9'),
  { e: 'guard-tripped', at: 1500, guard: 'duplicate', by: 'seed', message: 'Cannot queue it twice' },
  seeded(2000),
  start(2000, 't1'),
  start(2000, 't2'),
  report(2500, 't1', { status: 'done' }),
  end(3000, 't1'),
  report(3000, 't2', { status: 'not-needed', reason: 'it is there already' }),
  end(4000, 't2'),
  start(4000, 't3'),
  end(5500, 't3', { kind: 'timeout', message: 'no report in 90 s' }),
  start(5500, 't8'),
  end(6000, 't8', { kind: 'crash', message: 'the agent died', retry: true }),
  start(6500, 't6'),
  { e: 'task-cancelled', at: 9000, id: 't9', reason: 'Ctrl-C' },
]

/** What a screen knows after the events, launched at 0. */
export function after(events: readonly RunEvent[]): Model {
  return events.reduce(update, launch(0))
}
