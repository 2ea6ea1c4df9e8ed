/** What every harness with a provider behind it must do alike, whatever the provider does. */
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentHarness, AgentJob } from '../../../client/harness/harness.ts'
import type { Script, ScriptStep } from './conformance.ts'
import { Desk } from './desk.ts'
import type { Fault } from './loopback.ts'

export interface ProviderKit {
  /** Gives a harness whose agents follow the script. */
  readonly make: (script: Script) => AgentHarness
  /** The model that can be asked for more and less effort. */
  readonly model: string
  /** How hard the model was told to think, a request each, in the words of its wire. */
  readonly efforts: () => readonly string[]
}

const done: ScriptStep = {
  tool: 'complete_task',
  input: { status: 'done', handoff: { goals: 'g', did: 'd', forNextAgent: 'n' } },
}
const write = (file_path: string): ScriptStep => ({ tool: 'Write', input: { file_path, content: 'x' } })
const LIMITS = { maxTurns: 60, timeoutMs: 60_000, stallMs: 60_000 }

export function providerConformance(kit: () => ProviderKit): void {
  let app = ''
  beforeEach(async () => {
    app = await realpath(await mkdtemp(join(tmpdir(), 'provider-')))
  })
  afterEach(() => rm(app, { recursive: true, force: true }))

  async function alone(steps: readonly ScriptStep[], more: Partial<AgentJob> = {}) {
    const desk = new Desk({ app, flow: 'conformance', framework: null })
    desk.tasks.push({ id: 't1', type: 'one', dependsOn: [], status: 'pending' })
    const outcome = await kit()
      .make({ one: steps })
      .run(desk.job('t1', 'one', more))
    return { outcome, events: desk.events, task: desk.of('one') }
  }

  /** A turn that does not come about is asked for anew, so the provider never does anything else. */
  const always = (fault: Fault): readonly ScriptStep[] => [{ fault }]

  test('usage has one entry a request, with all of its tokens', async () => {
    const { outcome } = await alone([write('a'), write('b'), done])
    expect(outcome.turns).toBe(outcome.usage.length)
    expect(outcome.usage.length).toBeGreaterThanOrEqual(3)
    for (const { input, output } of outcome.usage) expect([input, output]).toEqual([1000, 100])
  })

  test('an agent ends as "budget" before the first request that it may not pay for', async () => {
    const limits = { ...LIMITS, maxUsd: 1 }
    const { outcome, task } = await alone([write('a'), write('b'), write('c'), done], {
      limits,
      costOf: () => 0.5,
    })
    expect([outcome.end, outcome.usage.length, task.status]).toEqual(['budget', 2, 'pending'])
    expect((await readdir(app)).sort()).toEqual(['a', 'b'])
  })

  test('a report that comes with the last money is taken, and costs that are not known reach no limit', async () => {
    const limits = { ...LIMITS, maxUsd: 1 }
    const paid = await alone([write('a'), done], { limits, costOf: () => 0.5 })
    expect([paid.outcome.end, paid.task.status]).toEqual(['done', 'done'])
    const unknown = await alone([write('a'), write('b'), done], { limits, costOf: () => undefined })
    expect([unknown.outcome.end, unknown.task.status]).toEqual(['done', 'done'])
  })

  test.each([
    [{ status: 401 }, { end: 'auth' }],
    [{ status: 403 }, { end: 'auth' }],
    [
      { status: 404, message: 'model: no such model' },
      { end: 'api-error', isModelLost: true },
    ],
    [{ status: 400, message: 'too odd' }, { end: 'api-error' }],
  ] as const)('a provider that answers %j ends the agent as %j', async (fault, wanted) => {
    const { outcome } = await alone(always(fault))
    expect(outcome).toMatchObject(wanted)
    expect(outcome.usage).toEqual([])
  })

  test('a provider that wants to be left alone for long is, and it is told for how long', async () => {
    const { outcome } = await alone(always({ status: 429, retryAfter: 30 }))
    expect(outcome.end).toBe('rate-limit')
    expect(outcome.retryAfterMs).toBeGreaterThanOrEqual(30_000)
  })

  describe.each<Fault>([{ status: 500 }, { status: 529 }, { status: 429, retryAfter: 0 }, 'cut', 'garbage'])(
    'a provider that always answers with %j',
    (fault) => {
      test('is asked again, and in the end the agent has not done its work', async () => {
        const { outcome, events } = await alone(always(fault))
        const wanted =
          typeof fault === 'object' && fault.status === 429 ? ['rate-limit'] : ['api-error', 'crash']
        expect(wanted).toContain(outcome.end)
        if (typeof fault === 'object') expect(events).toContainEqual({ t: 'retry', status: fault.status })
      })
    },
  )

  test('no key is in any event or outcome', async () => {
    const { outcome, events } = await alone(
      always({ status: 401, message: 'scripted-key-that-nobody-may-see' }),
    )
    expect(JSON.stringify([outcome, events])).not.toContain('nobody-may-see')
  })

  test('effort reaches the model', async () => {
    for (const effort of ['off', 'low', 'high'] as const) {
      await alone([done], { effort, model: kit().model })
    }
    expect(new Set(kit().efforts().slice(-3)).size).toBe(3)
  })
}
