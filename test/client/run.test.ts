import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { handoffSchema } from '../../schemas/handoff.ts'
import type { RunEvent } from '../../schemas/run-event.ts'
import { appRuns } from './app-runs.ts'
import {
  type Agent,
  finish,
  flow,
  isSeed,
  journalOf,
  planning,
  planThree,
  prompt,
  registry,
  scratch,
  scripted,
  threeTasks,
  working,
  world,
} from './scripted.ts'

const app = appRuns()

describe('run()', () => {
  test('plans, drains, and leaves a folder that tells of it', async () => {
    const seen: RunEvent[] = []
    const face = { onEvent: (event: RunEvent) => void seen.push(event), close: async () => undefined }
    const result = await app.run(threeTasks, { faces: () => [face] })
    expect(result).toMatchObject({
      verdict: 'succeeded',
      reasons: [],
      tasks: { done: 3, pending: 0, failed: 0 },
    })
    expect(await journalOf(result.folder)).toEqual(seen)
    expect(readFileSync(join(app.path, '.mill/.gitignore'), 'utf8')).toBe('*\n')
    const queue = JSON.parse(readFileSync(join(result.folder, 'queue.json'), 'utf8'))
    expect(queue.tasks.map((task: { status: string }) => task.status)).toEqual(['done', 'done', 'done'])
    expect(queue.verdict).toBe('succeeded')
    const left = readdirSync(join(result.folder, 'handoffs')).sort()
    expect(left).toEqual(['t1.json', 't2.json', 't3.json'])
    handoffSchema.parse(JSON.parse(readFileSync(join(result.folder, 'handoffs/t1.json'), 'utf8')))
    const report = readFileSync(join(result.folder, 'report.md'), 'utf8')
    expect(report).toBe(result.report)
    expect(report).toContain('no model: scripted')
    expect(result.run).toMatch(/^[0-9]{8}-[0-9]{9}-[0-9a-f]{4}$/)
    expect(result.responsiveness.firstTask).not.toBeNull()
  })

  test('counts the wait from when the person asked, loading included', async () => {
    const launchedAt = Date.now() - 5000
    const { responsiveness } = await app.run(threeTasks, { launchedAt })
    expect(responsiveness.firstTask).toBeGreaterThanOrEqual(5000)
    expect(responsiveness.longestSilence).toBeGreaterThanOrEqual(5000)
    expect(responsiveness.total).toBeGreaterThanOrEqual(5000)
  })

  test('starts work while planning goes on, and the sink only after it', async () => {
    const order: string[] = []
    const waiting = Promise.withResolvers<void>()
    const harness = scripted(async (agent) => {
      if (isSeed(agent)) {
        await agent.call('enqueue_task', { type: 'work' })
        await agent.call('enqueue_task', { type: 'report', dependsOn: ['t1'] })
        await waiting.promise
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push('planned')
        return
      }
      order.push(agent.job.subject.type)
      await finish(agent.call)
      waiting.resolve()
    })
    await app.run(harness)
    expect(order).toEqual(['work', 'planned', 'report'])
  })

  test.each([
    [
      'the planner crashed',
      async () => ({ end: 'crash', message: 'gone' }) as const,
      'Planning failed (crash): gone',
    ],
    ['the planner queued nothing', async () => undefined, 'The planner queued nothing'],
    [
      'no sink was queued although the flow has one',
      async ({ call }: Agent) => void (await call('enqueue_task', { type: 'work' })),
      'The planner did not queue "report", which closes the flow',
    ],
  ])('fails, and says so, when %s', async (_, planner, reason) => {
    const result = await app.run(planning(planner))
    expect(result.verdict).toBe('failed')
    expect(result.reasons).toEqual([reason])
    expect(result.report).toContain(reason)
  })

  test('cancels what a dead planner left unstarted', async () => {
    const harness = planning(async ({ call }) => {
      await call('enqueue_task', { type: 'work' })
      await call('enqueue_task', { type: 'report', dependsOn: ['t1'] })
      throw new Error('lost the thread')
    })
    const result = await app.run(harness)
    expect(result.tasks.cancelled).toBeGreaterThan(0)
    expect(result.tasks.pending).toBe(0)
    expect(result.verdict).toBe('failed')
  })

  test('counts and names what is blocked, and never shows a failed task as done', async () => {
    const harness = working(async ({ job, call }) =>
      job.id === 't1' ? { end: 'auth', message: 'no key' } : finish(call),
    )
    const result = await app.run(harness)
    expect(result.tasks).toMatchObject({ done: 1, failed: 1, blocked: 1 })
    expect(result.reasons).toEqual([
      't1 (work) failed (auth): no key',
      '1 task was blocked: t3 (report) by t1',
    ])
    expect(result.report).toContain('t3 report: report: blocked, since t1 will never be done')
  })

  test('queues runner-seeded types before it plans, once, and tells the planner', async () => {
    const seeded = registry([
      prompt('connect', { runnerSeeded: true, dependsOn: ['work'] }),
      prompt('ask', { runnerSeeded: true }),
      ...flow.prompts.values(),
    ])
    let told = ''
    const order: string[] = []
    const harness = scripted(async (agent) => {
      if (isSeed(agent)) {
        told = agent.job.prompt
        await agent.call('enqueue_task', { type: 'work' })
        await agent.call('enqueue_task', { type: 'report', dependsOn: ['t1', 't2'] })
        return
      }
      order.push(agent.job.subject.type)
      await finish(agent.call)
    })
    const result = await app.run(harness, {}, world(seeded))
    expect(result.verdict).toBe('succeeded')
    expect(told).toContain('## Pre-queued tasks\n- t1 connect: connect\n- t2 ask: ask')
    const events = await journalOf(result.folder)
    expect(events).toContainEqual(
      expect.objectContaining({ e: 'dependency-added', id: 't1', dependsOn: 't3' }),
    )
    expect(order.indexOf('connect')).toBeGreaterThan(order.indexOf('work'))
  })

  test('refuses a second run on the same app, and lets one in afterwards', async () => {
    const harness = planning(async (agent) => {
      await planThree(agent)
      return expect(app.run(threeTasks)).rejects.toMatchObject({
        code: 'run/locked',
      })
    })
    expect((await app.run(harness)).verdict).toBe('succeeded')
    expect((await app.run(threeTasks)).verdict).toBe('succeeded')
    expect(readdirSync(join(app.path, '.mill/runs'))).toHaveLength(2)
  })

  test('leaves no run folder when it could not begin', async () => {
    const down = world(flow, { bootstrap: () => Promise.reject(new Error('server down')) })
    await expect(app.run(threeTasks, {}, down)).rejects.toThrow('server down')
    expect(readdirSync(join(app.path, '.mill/runs'))).toEqual([])
    const absent = {
      ...threeTasks,
      check: async () => ({ ok: false, why: 'no binary', fix: 'Install it' }) as const,
    }
    await expect(app.run(absent)).rejects.toMatchObject({
      code: 'run/harness-unavailable',
    })
  })

  test.each(['.mill', '.mill/runs', '.mill/lock', '.mill/.gitignore'])(
    'does not follow %s when it is a link',
    async (name) => {
      using elsewhere = scratch()
      if (name !== '.mill') mkdirSync(join(app.path, '.mill'))
      // To a folder where it should be one, and to a file that would be made.
      const isFolder = name === '.mill' || name === '.mill/runs'
      symlinkSync(isFolder ? elsewhere.path : join(elsewhere.path, 'file'), join(app.path, name))
      await expect(app.run(threeTasks)).rejects.toMatchObject({
        code: 'run/folder-unwritable',
      })
      expect(readdirSync(elsewhere.path)).toEqual([])
    },
  )
})
