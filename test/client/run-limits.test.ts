import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../schemas/run-event.ts'
import { appRuns } from './app-runs.ts'
import {
  type Agent,
  agents,
  finish,
  isSeed,
  journalOf,
  planning,
  planThree,
  scripted,
  working,
} from './scripted.ts'

const app = appRuns()

const used = (model: string, tokens: number) => ({
  usage: [{ model, input: tokens, output: 0, cacheRead: 0, cacheWrite: 0 }],
})
const priced = { prices: [{ model: 'm', input: 1, output: 1, source: 'test', checkedOn: '2026-11-21' }] }
/** Plans three tasks for nothing; each task costs a dollar of model m, or whatever it is given. */
const spender = (model = 'm', isPlanned = false) => {
  const planned = Promise.withResolvers<void>()
  return agents(
    (agent) => planThree(agent).then(planned.resolve),
    async ({ call }) => {
      if (!isPlanned) await planned.promise
      await finish(call)
      return used(model, 1_000_000)
    },
  )
}
const startedOf = (events: readonly RunEvent[]) => events.filter((event) => event.e === 'task-started')

describe('a run with a limit', () => {
  test('stops when its dollars are spent, says so, and goes on with more', async () => {
    const first = await app.run(spender(), { limits: { maxUsd: 1.5 }, models: priced })
    expect(first.verdict).toBe('failed')
    expect(first.reasons).toEqual(['The run spent $2.0000, and $1.5 is the limit; 1 of 3 tasks had not run'])
    expect(startedOf(await journalOf(first.folder))).toHaveLength(2)
    const second = await app.run(spender('m', true), { limits: { maxUsd: 10 }, models: priced, resume: true })
    expect(second).toMatchObject({ verdict: 'succeeded', run: first.run, tasks: { done: 3 } })
    expect(startedOf(await journalOf(first.folder))).toHaveLength(3)
  })

  test('gives no agent more than is left', async () => {
    const left: (number | undefined)[] = []
    const harness = scripted(async (agent) => {
      left.push(agent.job.limits.maxUsd)
      if (isSeed(agent)) return planThree(agent)
      await finish(agent.call)
      return used('m', 1_000_000)
    })
    await app.run(harness, { limits: { maxUsd: 10 }, models: priced })
    expect(left).toEqual([10, 10, 9, 8])
  })

  test('stops at a cost that nobody knows', async () => {
    const { verdict, reasons } = await app.run(spender('mystery'), { limits: { maxUsd: 5 } })
    expect(verdict).toBe('failed')
    expect(reasons[0]).toContain('What mystery cost is not known, so the limit of $5 cannot be held')
  })

  test('tells its agents to stop when its time is up', async () => {
    const harness = working(async ({ job: { signal } }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return { end: 'aborted' }
    })
    const result = await app.run(harness, { limits: { maxMs: 150 } })
    expect(result.verdict).toBe('failed')
    expect(result.reasons[0]).toMatch(
      /^The run took 0.0025 minutes, which is the limit; 3 of 3 tasks had not run$/,
    )
    const ends = (await journalOf(result.folder)).filter((event) => event.e === 'attempt-ended')
    expect(ends).toMatchObject([
      {
        failure: { kind: 'cancelled', message: 'The run took 0.0025 minutes, which is the limit' },
        retry: true,
      },
    ])
  })
})

describe('a model that cannot be had', () => {
  const lost = { end: 'api-error', isModelLost: true, message: 'no such model' } as const
  const models = { fallback: { m: ['spare'] } }
  const harness = scripted(async (agent: Agent) => {
    if (agent.job.model === 'm') return lost
    if (isSeed(agent)) return planThree(agent)
    return finish(agent.call)
  })

  test('is replaced for everybody, visibly, and no attempt is counted for it', async () => {
    const result = await app.run(harness, { models })
    expect(result).toMatchObject({ verdict: 'succeeded', tasks: { done: 3 } })
    const events = await journalOf(result.folder)
    expect(events.filter((event) => event.e === 'seed-started').map(({ model }) => model)).toEqual([
      'm',
      'spare',
    ])
    expect(events.find((event) => event.e === 'seed-ended')).toMatchObject({
      failure: { kind: 'api', message: 'no such model; "spare" takes its place', lostModel: 'm' },
      retry: true,
    })
    expect(startedOf(events).map(({ model }) => model)).toEqual(['spare', 'spare', 'spare'])
  })

  test('ends what needs it when nothing stands in', async () => {
    const result = await app.run(harness)
    expect(result.verdict).toBe('failed')
    expect(result.reasons).toEqual(['Planning failed (api): no such model; nothing stands in for it'])
  })

  test('is replaced in the middle of a run too', async () => {
    const late = working(async ({ job, call }) => (job.model === 'm' ? lost : finish(call)))
    const result = await app.run(late, { models })
    expect(result).toMatchObject({ verdict: 'succeeded', tasks: { done: 3 } })
    const started = startedOf(await journalOf(result.folder))
    expect(started.map(({ id, attempt, model }) => `${id} ${attempt} ${model}`)).toEqual([
      't1 1 m',
      't1 2 spare',
      't2 1 spare',
      't3 1 spare',
    ])
  })
})

describe('planning', () => {
  test('is tried again after a fault, as long as nothing is planned', async () => {
    let asked = 0
    const harness = planning(async (agent) =>
      asked++ === 0 ? { end: 'crash', message: 'boom' } : planThree(agent),
    )
    expect(await app.run(harness)).toMatchObject({ verdict: 'succeeded' })
    expect(asked).toBe(2)
  })

  test('is not tried again when half a plan is there', async () => {
    let asked = 0
    const harness = planning(async ({ call }) => {
      asked++
      await call('enqueue_task', { type: 'work', inputs: { n: 1 } })
      return { end: 'crash', message: 'boom' }
    })
    const { verdict, reasons } = await app.run(harness)
    expect([verdict, asked]).toEqual(['failed', 1])
    expect(reasons[0]).toBe('Planning failed (crash): boom')
  })
})
