import { expect, test } from 'vitest'
import {
  apply,
  blockedBy,
  dependenciesOf,
  emptyQueue,
  IllegalTransitionError,
  type Queue,
  runnable,
  taskOf,
  tasksOf,
} from '../../../client/queue/queue.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { fc } from '../../properties.ts'
import { crash, ended, enqueued, reported, started } from '../scripted.ts'

type Maker = (queue: Queue) => RunEvent
const pick = fc.nat(11)
const attempt = fc.integer({ min: 1, max: 3 })

/** Events that may well be legal: they look at the queue first. */
const apt: fc.Arbitrary<Maker> = fc.oneof(
  fc.tuple(fc.uniqueArray(pick, { maxLength: 3 }), fc.boolean()).map(([deps, optional]) => (queue: Queue) => {
    const { size } = queue.entries
    const known = deps.filter((dep) => dep < size).map((dep) => dep + 1)
    return enqueued(size + 1, known, { optional })
  }),
  pick.map((at) => (queue: Queue) => {
    const ready = [...runnable(queue)]
    const id = ready[at % ready.length] ?? 't1'
    return started(Number(id.slice(1)), (taskOf(queue, id)?.state.attempts ?? 0) + 1)
  }),
  fc.tuple(pick, fc.constantFrom('done', 'not-needed', 'failed')).map(([at, status]) => (queue: Queue) => {
    const task = oneRunning(queue, at)
    return reported(task.number, status as 'done', task.attempt)
  }),
  fc.tuple(pick, fc.boolean()).map(([at, retry]) => (queue: Queue) => {
    const { number, attempt, succeeds } = oneRunning(queue, at)
    return ended(number, { attempt, failure: succeeds ? null : crash, retry: !succeeds && retry })
  }),
)

function oneRunning(queue: Queue, at: number): { number: number; attempt: number; succeeds: boolean } {
  const running = [...tasksOf(queue)].flatMap(({ spec, state }) => {
    if (state.status !== 'running') return []
    const succeeds = state.report !== undefined && state.report.status !== 'failed'
    return [{ number: Number(spec.id.slice(1)), attempt: state.attempts, succeeds }]
  })
  return running[at % running.length] ?? { number: 1, attempt: 1, succeeds: true }
}

/** Events that look at nothing, and are mostly refused. */
const blind: fc.Arbitrary<Maker> = fc.oneof(
  fc.tuple(pick, attempt).map(
    ([at, n]) =>
      () =>
        started(at + 1, n),
  ),
  fc.tuple(pick, attempt).map(
    ([at, n]) =>
      () =>
        reported(at + 1, 'done', n),
  ),
  fc.tuple(pick, attempt, fc.boolean()).map(
    ([at, n, fails]) =>
      () =>
        ended(at + 1, { attempt: n, failure: fails ? crash : null }),
  ),
  fc.tuple(pick, pick).map(
    ([id, dep]) =>
      () =>
        ({ e: 'dependency-added', at: 0, id: `t${id + 1}`, dependsOn: `t${dep + 1}` }) as const,
  ),
  pick.map((at) => () => ({ e: 'task-cancelled', at: 0, id: `t${at + 1}`, reason: 'x' }) as const),
)
const anyEvent = fc.oneof({ weight: 5, arbitrary: apt }, { weight: 1, arbitrary: blind })

interface Plain {
  readonly id: string
  readonly status: string
  readonly optional: boolean
  readonly dependsOn: readonly string[]
}

/** The rules again, written the slow and obvious way. */
function slowly(queue: Queue): {
  readonly tasks: readonly Plain[]
  readonly runnable: string[]
  readonly blocked: string[]
} {
  const tasks = [...tasksOf(queue)].map(({ spec, state }) => ({
    id: spec.id,
    status: state.status,
    optional: spec.optional,
    dependsOn: dependenciesOf(queue, spec.id),
  }))
  const of = (id: string): Plain => tasks.find((task) => task.id === id) as Plain
  const isMet = ({ status, optional }: Plain): boolean =>
    status === 'done' || status === 'not-needed' || (status === 'failed' && optional)
  const isBlocked = (task: Plain): boolean =>
    task.status === 'pending' &&
    task.dependsOn
      .map(of)
      .some(
        (dep) => dep.status === 'cancelled' || (dep.status === 'failed' && !dep.optional) || isBlocked(dep),
      )
  return {
    tasks,
    runnable: tasks
      .filter((task) => task.status === 'pending' && task.dependsOn.map(of).every(isMet))
      .map(({ id }) => id),
    blocked: tasks.filter(isBlocked).map(({ id }) => id),
  }
}

function isAcyclic(tasks: readonly Plain[]): boolean {
  const left = new Map(tasks.map((task) => [task.id, new Set(task.dependsOn)]))
  for (let before = -1; before !== left.size; ) {
    before = left.size
    for (const [id, deps] of left) {
      if ([...deps].some((dep) => left.has(dep))) continue
      left.delete(id)
    }
  }
  return left.size === 0
}

test('whatever happens, legal or not, the queue is what its rules say', () => {
  let refused = 0
  let taken = 0
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 40, maxLength: 80 }), (makers) => {
      let queue = emptyQueue
      for (const make of makers) {
        const event = make(queue)
        const before = slowly(queue)
        try {
          const next = apply(queue, event)
          if (event.e === 'task-started') expect(before.runnable).toContain(event.id)
          queue = next
          taken++
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalTransitionError)
          expect(slowly(queue)).toEqual(before)
          refused++
        }
        const now = slowly(queue)
        expect([...runnable(queue)]).toEqual(now.runnable)
        expect(now.tasks.filter(({ id }) => blockedBy(queue, id) !== null).map(({ id }) => id)).toEqual(
          now.blocked,
        )
        expect(isAcyclic(now.tasks)).toBe(true)
        expect(Object.values(queue.counts).reduce((sum, count) => sum + count, 0)).toBe(now.tasks.length)
        expect(queue.counts.blocked).toBe(now.blocked.length)
      }
    }),
    { numRuns: 400 },
  )
  expect(Math.min(refused, taken)).toBeGreaterThan(1000)
})
