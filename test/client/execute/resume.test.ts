import { describe, expect, test } from 'vitest'
import { resumption } from '../../../client/execute/resume.ts'
import { embeddedHarness } from '../../../client/harness/embedded/embedded.ts'
import type { AgentHarness } from '../../../client/harness/harness.ts'
import { apply, emptyQueue } from '../../../client/queue/queue.ts'
import { uncountedLines } from '../../../client/report/troubles.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { appRuns } from '../app-runs.ts'
import {
  type Agent,
  agents,
  enqueued,
  finish,
  flow,
  journalOf,
  planning,
  planThree,
  scripted,
  started,
  threeTasks,
  working,
  world,
} from '../scripted.ts'

const app = appRuns()

/** An agent that works until it is told to stop. */
async function untilTold({ job: { signal } }: Agent): Promise<unknown> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  return { end: 'aborted' }
}

describe('run() that is interrupted', () => {
  test('ends its agents, keeps its state, and goes on when it is resumed', async () => {
    const interrupt = new AbortController()
    const executions: string[] = []
    let aborted = false
    const planned = Promise.withResolvers<void>()
    const harness = (stopAt: string | null) =>
      agents(
        (agent) => planThree(agent).then(planned.resolve),
        async ({ job, call }) => {
          executions.push(job.id)
          if (job.id !== stopAt) return finish(call)
          await planned.promise
          interrupt.abort(new Error('SIGINT'))
          aborted = job.signal.aborted
          return { end: 'aborted' }
        },
      )
    const first = await app.run(harness('t2'), { signal: interrupt.signal })
    expect(first.verdict).toBe('cancelled')
    expect(aborted).toBe(true)
    expect(first.tasks).toMatchObject({ done: 1, pending: 2, running: 0 })

    const replayed: RunEvent[] = []
    const bases: string[] = []
    const onReplay = (events: readonly RunEvent[]): void => void replayed.push(...events)
    const face = { onEvent: () => undefined, onReplay, close: async () => undefined }
    const second = await app.run(
      harness(null),
      {
        resume: true,
        faces: () => [face],
        base: 'http://h:1/channels/dev/',
      },
      world(flow, {
        bootstrap: async ({ base }) => {
          bases.push(base)
          return flow
        },
      }),
    )
    expect(second).toMatchObject({ verdict: 'succeeded', run: first.run, tasks: { done: 3 } })
    expect(bases).toEqual(['http://h:1/v/r1'])
    expect(replayed.at(-1)).toMatchObject({ e: 'run-finished', verdict: 'cancelled' })
    expect(executions).toEqual(['t1', 't2', 't2', 't3'])
    const attempts = (await journalOf(second.folder)).filter(
      (event) => event.e === 'task-started' && event.id === 't2',
    )
    expect(attempts).toMatchObject([{ attempt: 1 }, { attempt: 2 }])
  })

  const limited = { end: 'rate-limit', retryAfterMs: 3_600_000 } as const
  test.each<[string, RunEvent['e'], AgentHarness]>([
    ['plans', 'seed-started', scripted(untilTold)],
    ['waits to plan again', 'seed-ended', scripted(async () => limited)],
    ['works', 'task-started', working(untilTold)],
    ['waits to try again', 'attempt-ended', working(async () => limited)],
    [
      'works, and plans still',
      'task-started',
      agents((agent) => planThree(agent).then(() => untilTold(agent)), untilTold),
    ],
  ])('is over as soon as its agents are, while it %s', async (_, moment, harness) => {
    const interrupt = new AbortController()
    const onEvent = ({ e }: RunEvent): void => {
      if (e === moment) interrupt.abort()
    }
    const face = { onEvent, close: async () => undefined }
    const more = { signal: interrupt.signal, faces: () => [face] }
    const result = await app.run(harness, more)
    expect(result).toMatchObject({ verdict: 'cancelled', resumable: true, tasks: { running: 0, failed: 0 } })
    const goesOn = await app.run(threeTasks, { resume: true })
    expect(goesOn).toMatchObject({ verdict: 'succeeded', run: result.run, tasks: { done: 3 } })
  })

  test('asks an interrupted planner again, which sees what is queued and may not queue it twice', async () => {
    const interrupt = new AbortController()
    const prompts: string[] = []
    let refusal: unknown
    const harness = planning(async (agent) => {
      prompts.push(agent.job.prompt)
      if (prompts.length === 1) {
        await agent.call('enqueue_task', { type: 'work', label: 'First' })
        interrupt.abort()
        return { end: 'aborted' }
      }
      refusal = await agent.call('enqueue_task', { type: 'work' }).catch((error: unknown) => error)
      return agent.call('enqueue_task', { type: 'report', dependsOn: ['t1'] })
    })
    await app.run(harness, { signal: interrupt.signal })
    const second = await app.run(harness, { resume: true })
    expect(second.verdict).toBe('succeeded')
    expect(prompts[0]).not.toContain('Pre-queued')
    expect(prompts[1]).toContain('- t1 work: First')
    expect(String(refusal)).toContain('it is queued as "t1"')
  })

  test('has nothing to resume once it succeeded, or failed of itself', async () => {
    const nothing = { code: 'run/nothing-to-resume', exit: 2 }
    await expect(app.run(threeTasks, { resume: true })).rejects.toMatchObject(nothing)
    await app.run(threeTasks)
    await app.run(scripted(async () => undefined))
    await expect(app.run(threeTasks, { resume: true })).rejects.toMatchObject(nothing)
  })

  test('is not resumed with another release', async () => {
    const interrupt = AbortSignal.abort()
    await app.run(threeTasks, { signal: interrupt })
    const other = world({ ...flow, release: 'r2' })
    await expect(app.run(threeTasks, { resume: true }, other)).rejects.toMatchObject({
      code: 'run/release-changed',
    })
    expect((await app.run(threeTasks, { resume: true })).verdict).toBe('succeeded')
  })
})

test('resumption() says that nobody knows what was used by those who were killed', () => {
  const killed: RunEvent[] = [{ e: 'seed-started', at: 0, model: 'm' }, enqueued(1), started(1)]
  const queue = killed.reduce(apply, emptyQueue)
  const resumed = (harness: typeof threeTasks): RunEvent[] =>
    resumption(queue, { launchedAt: 0, harness }).map((draft) => ({ ...draft, at: 5 }) as RunEvent)
  const events = resumed(threeTasks)
  expect(events.reduce(apply, queue).spent).toEqual({ usd: 0, unpriced: new Set(), isCut: true })
  expect(uncountedLines(events)).toEqual([
    'planning: what it had used when mill ended is not known',
    't1, attempt 1: what it used is not known',
  ])
  // Rules use nothing.
  const free = resumed(embeddedHarness())
  expect(free.reduce(apply, queue).spent.isCut).toBe(false)
  expect(uncountedLines(free)).toEqual([])
})
