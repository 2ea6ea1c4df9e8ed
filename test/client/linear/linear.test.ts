import { execFile } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { detect } from '../../../client/detect/detect.ts'
import { fence } from '../../../client/fence.ts'
import { embeddedHarness } from '../../../client/harness/embedded/embedded.ts'
import { run } from '../../../client/run.ts'
import type { RunOptions } from '../../../client/session.ts'
import { telemetryMapper } from '../../../client/telemetry/mapper.ts'
import type { Sequence } from '../../../schemas/run-event.ts'
import { ScratchApp } from '../harness/embedded/scratch-app.ts'
import {
  type Agent,
  finish,
  flow,
  handoff,
  journalOf,
  options,
  scratchApp,
  scripted,
  threeTasks,
  world,
} from '../scripted.ts'
import { servedFlow } from './content.ts'

const trapped = fileURLToPath(new URL('./trapped.ts', import.meta.url))

let app: ReturnType<typeof scratchApp>
beforeEach(() => {
  app = scratchApp()
})
afterEach(() => app[Symbol.dispose]())

const linear = (act: (agent: Agent) => Promise<unknown>, more: Partial<RunOptions> = {}) =>
  run(options(app.path, scripted(act), { sequence: 'linear', ...more }), world(flow))
const kinds = async (folder: string) => (await journalOf(folder)).map(({ e }) => e)

describe('a linear run', () => {
  test('is one agent with one prompt, and a run like any other', async () => {
    const prompts: string[] = []
    const result = await linear(async ({ job, call }) => {
      prompts.push(job.prompt)
      expect(job.subject.steps).toEqual({ seed: 'seed', types: ['work', 'report'] })
      expect(job.hostTools.map(({ name }) => name)).toEqual(['complete_task'])
      return finish(call)
    })
    expect(prompts).toHaveLength(1)
    expect(prompts[0]).toMatch(/Do seed\.[\s\S]*Do work\.[\s\S]*Do report\./)
    expect(result).toMatchObject({ verdict: 'succeeded', reasons: [], tasks: { done: 1, pending: 0 } })
    expect(await kinds(result.folder)).toEqual([
      ...['run-started', 'task-enqueued', 'task-started', 'task-reported', 'attempt-ended', 'run-finished'],
    ])
    const [begun] = await journalOf(result.folder)
    expect(begun).toMatchObject({ sequence: 'linear', decidedBy: 'option', decidedWhy: '--sequence linear' })
    expect(readFileSync(join(result.folder, 'report.md'), 'utf8')).toBe(result.report)
    expect(JSON.parse(readFileSync(join(result.folder, 'handoffs/t1.json'), 'utf8'))).toEqual(handoff())
    expect(result.report).toContain('- Sequence: linear (--sequence linear)\n')
    const map = telemetryMapper()
    const told = (await journalOf(result.folder)).flatMap((event) => map(event) ?? [])
    expect(told.map(({ event }) => event)).toEqual([
      ...['orchestrator started', 'task enqueued', 'task started', 'task completed', 'run finished'],
    ])
    expect(new Set(told.map(({ variant }) => variant))).toEqual(new Set(['linear']))
    expect(told[0]).toMatchObject({ decidedBy: 'option' })
  })

  test('gets a second attempt that knows of the first, and no third', async () => {
    const prompts: string[] = []
    const result = await linear(async ({ job }) => {
      prompts.push(job.prompt)
      return { end: 'crash', message: 'boom' }
    })
    expect(prompts.map((text) => text.includes('Attempt 1 ended: boom (crash)'))).toEqual([false, true])
    expect(result).toMatchObject({ verdict: 'failed', reasons: ['The agent failed (crash): boom'] })
  })

  test('fails when its agent ends without a report, and when it reports a failure', async () => {
    const silent = await linear(async () => undefined)
    expect(silent.reasons).toEqual([
      'The agent failed (no-report): the agent ended without calling complete_task',
    ])
    const honest = await linear(({ call }) =>
      call('complete_task', { status: 'failed', handoff: handoff(), reason: 'no place' }),
    )
    expect(honest.reasons).toEqual(['The agent failed (self-reported): no place'])
  })

  test('takes one report of an attempt, the first', async () => {
    const result = await linear(async ({ call }) => {
      await finish(call, 'first')
      await expect(finish(call, 'second')).rejects.toThrow('has reported already')
    })
    expect(result.verdict).toBe('succeeded')
    expect(readFileSync(join(result.folder, 'handoffs/t1.json'), 'utf8')).toContain('first')
  })

  test('goes on as what it began, whatever the flag says by then', async () => {
    const stop = new AbortController()
    const cut = await linear(
      async () => {
        stop.abort()
        return { end: 'aborted' }
      },
      { signal: stop.signal },
    )
    expect(cut).toMatchObject({ verdict: 'cancelled', resumable: true })
    const asFlagged = { sequence: 'orchestrator', by: 'environment', why: 'x' } as const
    const { sequence: _, ...resumed } = options(
      app.path,
      scripted(({ call }) => finish(call)),
      { resume: true },
    )
    await expect(run({ ...resumed, sequence: 'orchestrator' }, world(flow))).rejects.toMatchObject({
      code: 'run/sequence-changed',
      exit: 2,
    })
    const asked: string[] = []
    const flag = async () => {
      asked.push('flag')
      return asFlagged
    }
    const result = await run({ ...resumed, flag }, world(flow))
    expect(result).toMatchObject({ verdict: 'succeeded', run: cut.run, tasks: { done: 1 } })
    expect(asked).toEqual([])
  })

  test('stops when its dollars are spent, so that it can go on with more', async () => {
    const usage = [{ model: 'claude-haiku-4-5', input: 1_000_000, output: 0, cacheRead: 0, cacheWrite: 0 }]
    const limits: number[] = []
    const result = await linear(
      async ({ job }) => {
        limits.push(job.limits.maxUsd ?? 0)
        return { end: 'budget', usage }
      },
      { limits: { maxUsd: 0.5 } },
    )
    expect(limits).toEqual([0.5])
    expect(result).toMatchObject({ verdict: 'failed', resumable: true })
    expect(result.reasons).toEqual(['The run spent $1.0000, and $0.5 is the limit; the agent was not done'])
  })

  test('is what the flag says where nobody asks for a sequence', async () => {
    const decision = { sequence: 'linear', by: 'flags-file', why: 'f.json' } as const
    const flagged = await run(
      options(
        app.path,
        scripted(({ call }) => finish(call)),
        { flag: async () => decision },
      ),
      world(flow),
    )
    expect((await journalOf(flagged.folder))[0]).toMatchObject({
      sequence: 'linear',
      decidedBy: 'flags-file',
    })
    const plain = await run(options(app.path, threeTasks), world(flow))
    expect((await journalOf(plain.folder))[0]).toMatchObject({
      sequence: 'orchestrator',
      decidedBy: 'default',
    })
  })

  test('loads nothing of the orchestrator, which a trap would tell', async () => {
    const runScript = (sequence: Sequence) =>
      promisify(execFile)(process.execPath, [trapped, app.path, sequence])
    expect((await runScript('linear')).stdout).toBe('succeeded\n')
    await expect(runScript('orchestrator')).rejects.toThrow(/the trap holds client\/execute\/carry-out\.ts/)
  })
})

describe('a linear run with the embedded harness', () => {
  const apps: ScratchApp[] = []
  afterEach(() => Promise.all(apps.splice(0).map((each) => each.remove())))
  const carriedOut = async (sequence: Sequence, flowName: string, without: readonly string[] = []) => {
    const copy = await ScratchApp.of('express-clean')
    apps.push(copy)
    const registry = await servedFlow(flowName, without)
    const wanted = options(copy.folder, embeddedHarness(), { flow: flowName, sequence })
    return { copy, result: await run(wanted, world(registry, { detect, fence })) }
  }

  test('does the walking skeleton, a marker a step', async () => {
    const { result } = await carriedOut('linear', 'walking-skeleton')
    expect(result).toMatchObject({ verdict: 'succeeded', tasks: { done: 1 } })
    const { did, filesTouched } = JSON.parse(readFileSync(join(result.folder, 'handoffs/t1.json'), 'utf8'))
    expect(did.split('\n').map((line: string) => line.split(':')[0])).toEqual([
      ...['install', 'init', 'plan-capture', 'capture', 'report'],
    ])
    expect(filesTouched).toHaveLength(5)
  })

  test('leaves the app as the orchestrator does, and reports as much', async () => {
    const alone = await carriedOut('linear', 'integrate-posthog', ['build'])
    const together = await carriedOut('orchestrator', 'integrate-posthog', ['build'])
    expect(alone.result.reasons).toEqual([])
    expect(together.result.reasons).toEqual([])
    expect(await alone.copy.files()).toEqual(await together.copy.files())
    const report = await alone.copy.text('posthog-setup-report.md')
    expect(report).toBe(await together.copy.text('posthog-setup-report.md'))
    expect(report).toContain('entry_added')
  })

  test('fails honestly where a step fails, and does what does not wait for it', async () => {
    cpSync(join(import.meta.dirname, '../../fixtures/apps/express-clean'), app.path, { recursive: true })
    const registry = await servedFlow('integrate-posthog', ['build'])
    const wanted = options(app.path, embeddedHarness(), { flow: 'integrate-posthog', sequence: 'linear' })
    const unknown = { detect: async () => ({ framework: 'django', name: 'shop' }), fence }
    const result = await run(wanted, world(registry, unknown))
    expect(result.verdict).toBe('failed')
    expect(result.reasons.join()).toContain('capture: It waits for init, which failed')
  })
})
