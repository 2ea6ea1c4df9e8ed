/** What every harness must do alike, whatever decides in it. A harness is scripted by the caller. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentHarness, AgentJob, HostTool } from '../../../client/harness/harness.ts'
import { Desk } from './desk.ts'
import type { Fault } from './loopback.ts'
import type { ScriptedCall } from './model-stream.ts'

/** What an agent does in one turn. */
export type ScriptStep =
  | ScriptedCall
  /** Several calls at once. */
  | { readonly together: readonly ScriptedCall[] }
  /** A wait that only the end of the agent ends. */
  | 'hang'
  /** What its provider does instead of answering; only for harnesses that have one. */
  | { readonly fault: Fault }

/** Task type to what its agent does, call by call, whatever it is answered. */
export type Script = Readonly<Record<string, readonly ScriptStep[]>>

/** The calls of one turn. */
export function callsOf(step: ScriptStep): readonly ScriptedCall[] {
  if (step === 'hang' || 'fault' in step) return []
  return 'together' in step ? step.together : [step]
}

const FLOW = 'conformance'
const done = (did: string): ScriptedCall => ({
  tool: 'complete_task',
  input: { status: 'done', handoff: { goals: 'g', did, forNextAgent: 'n' } },
})
const write = (file_path: string): ScriptedCall => ({ tool: 'Write', input: { file_path, content: 'x' } })
const enqueue = (type: string, ...dependsOn: string[]): ScriptedCall => ({
  tool: 'enqueue_task',
  input: { type, dependsOn },
})

/** Puts a harness through the suite. `make` gives one whose agents follow the script. */
export function conformance(make: (script: Script) => AgentHarness): void {
  let base = ''
  let app = ''
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'conformance-')))
    app = join(base, 'app')
    await mkdir(app)
    await writeFile(join(app, '.env'), 'KEY=do-not-show')
  })
  afterEach(() => rm(base, { recursive: true, force: true }))
  const desk = () => new Desk({ app, flow: FLOW, framework: null })

  /** Runs one task agent by the script; answers how it ended and what it was told. */
  async function alone(steps: readonly ScriptStep[], more: Partial<AgentJob> = {}) {
    const owner = desk()
    owner.tasks.push({ id: 't1', type: 'one', dependsOn: [], status: 'pending' })
    const outcome = await make({ one: steps }).run(owner.job('t1', 'one', more))
    const results = owner.events.filter((event) => event.t === 'result')
    return { outcome, results, events: owner.events, task: owner.of('one') }
  }

  describe('the ledger', () => {
    test('is that of the script: plan, two beside each other, report', async () => {
      const owner = desk()
      const harness = make({
        seed: [enqueue('a'), enqueue('b'), enqueue('report', 't9'), enqueue('report', 't1', 't2')],
        a: [write('a.txt'), done('wrote a')],
        b: [write('../escaped.txt'), write('b.txt'), done('wrote b')],
        report: [{ tool: 'read_handoffs', input: {} }, done('told')],
      })
      expect((await harness.run(owner.job('seed', 'seed'))).end).toBe('done')
      const [a, b] = await Promise.all([harness.run(owner.job('t1', 'a')), harness.run(owner.job('t2', 'b'))])
      const told = await harness.run(owner.job('t3', 'report'))
      expect([a?.end, b?.end, told.end]).toEqual(['done', 'done', 'done'])
      expect(owner.tasks.map(({ type, dependsOn, status }) => [type, dependsOn, status])).toEqual([
        ['a', [], 'done'],
        ['b', [], 'done'],
        ['report', ['t1', 't2'], 'done'],
      ])
      expect((await readdir(app)).sort()).toEqual(['.env', 'a.txt', 'b.txt'])
      expect(await readdir(base)).toEqual(['app'])
      const seen = owner.events.filter((event) => event.t === 'result' && event.tool === 'read_handoffs')
      expect(JSON.stringify(seen)).toContain('wrote b')
    })
  })

  describe('permissions', () => {
    test('a tool that is not allowed, or denied, does nothing and the agent goes on', async () => {
      const call: ScriptStep = { tool: 'Bash', input: { command: 'node --version' } }
      for (const tools of [
        { allow: ['Write', 'complete_task'], deny: [] },
        { allow: ['Write', 'complete_task', 'Bash'], deny: ['Bash'] },
      ]) {
        const { results, task, outcome } = await alone([call, enqueue('more'), write('x.txt'), done('w')], {
          tools,
        })
        expect(results.map(({ ok }) => ok)).toEqual([false, false, true, true])
        expect([task.status, outcome.end]).toEqual(['done', 'done'])
      }
    })

    test('nothing is written outside the app and no environment value is shown', async () => {
      const { results } = await alone([
        write('../escaped.txt'),
        write(join(base, 'escaped.txt')),
        write('.env'),
        { tool: 'Read', input: { file_path: '.env' } },
        { tool: 'Grep', input: { pattern: 'KEY' } },
        done('nothing'),
      ])
      expect(results.map(({ ok }) => ok)).toEqual([false, false, false, false, true, true])
      expect(JSON.stringify(results)).not.toContain('do-not-show')
      expect(await readdir(base)).toEqual(['app'])
      expect(await readFile(join(app, '.env'), 'utf8')).toBe('KEY=do-not-show')
    })

    test('every call is judged before it runs, and one that cannot be judged is refused', async () => {
      const judged: string[] = []
      const { results } = await alone([write('a.txt'), write('b.txt'), done('w')], {
        authorize: ({ tool, input }) => {
          judged.push(tool)
          if (JSON.stringify(input).includes('b.txt')) throw new Error('the judge is out')
          return { allow: true }
        },
      })
      expect(judged).toEqual(['Write', 'Write', 'complete_task'])
      expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
      expect(await readdir(app)).not.toContain('b.txt')
    })

    test('a tool that is not offered cannot be called, though the judge says yes', async () => {
      const { results } = await alone([write('a.txt'), done('w')], {
        tools: { allow: ['complete_task'], deny: [] },
        authorize: () => ({ allow: true }),
      })
      expect(results.map(({ ok }) => ok)).toEqual([false, true])
    })
  })

  describe('calls at once', () => {
    test('each is judged by itself and answered under its own id, and a denied one stops no other', async () => {
      const together = [write('a.txt'), write('../escaped.txt'), write('b.txt')]
      const { events, results, outcome } = await alone([{ together }, done('w')])
      expect(results.map(({ id, ok }) => [id, ok]).sort()).toEqual([
        ['c1', true],
        ['c2', false],
        ['c3', true],
        ['c4', true],
      ])
      const inputs = events.flatMap((event) => (event.t === 'call' ? [event.input] : []))
      expect(inputs.slice(0, 3)).toEqual(together.map(({ input }) => input))
      expect(outcome.end).toBe('done')
      expect((await readdir(app)).sort()).toEqual(['.env', 'a.txt', 'b.txt'])
      expect(await readdir(base)).toEqual(['app'])
    })
  })

  describe('reports', () => {
    test('a report that is refused is told to the agent, which can report again', async () => {
      const wrong: ScriptStep = { tool: 'complete_task', input: { status: 'finished', handoff: {} } }
      const { results, task, outcome } = await alone([wrong, done('at last')])
      expect(results.map(({ ok }) => ok)).toEqual([false, true])
      expect(results[0]?.text).toContain('finished')
      expect([task.handoff?.did, outcome.end]).toEqual(['at last', 'done'])
    })

    test('nothing runs behind a report that was taken', async () => {
      const { results, outcome } = await alone([done('w'), write('late.txt')])
      expect(results).toHaveLength(1)
      expect(outcome.end).toBe('done')
      expect(await readdir(app)).not.toContain('late.txt')
    })

    test('an agent that stops without a report has ended, and reported nothing', async () => {
      const { outcome, task } = await alone([write('a.txt')])
      expect([outcome.end, task.status]).toEqual(['done', 'pending'])
    })

    test('every call is announced before its result, and usage is honest', async () => {
      const { events, outcome } = await alone([write('a.txt'), done('w')])
      expect(events[0]?.t).toBe('start')
      expect(events.flatMap((event) => ('id' in event ? [`${event.t} ${event.id}`] : []))).toEqual([
        'call c1',
        'result c1',
        'call c2',
        'result c2',
      ])
      expect(outcome.turns).toBeGreaterThanOrEqual(2)
      expect(outcome.ms).toBeGreaterThanOrEqual(0)
    })
  })

  describe('ends', () => {
    const slow: HostTool = {
      name: 'read_handoffs',
      description: 'never answers by itself',
      input: { type: 'object' },
      run: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('told to stop')), { once: true })
        }),
    }
    const waiting: readonly (readonly ScriptStep[])[] = [
      ['hang'],
      [{ tool: 'read_handoffs', input: {} }, write('late.txt')],
    ]

    test.each(waiting)('an aborted run ends soon, as "aborted" (%j)', async (...steps) => {
      const stop = new AbortController()
      const running = alone(steps, { signal: stop.signal, hostTools: [slow] })
      setTimeout(() => stop.abort(), 50)
      expect((await running).outcome.end).toBe('aborted')
      expect(await readdir(app)).not.toContain('late.txt')
    })

    test('a run aborted before it starts makes no call', async () => {
      const { outcome, results } = await alone([write('a.txt')], { signal: AbortSignal.abort() })
      expect([outcome.end, results.length]).toEqual(['aborted', 0])
    })

    test.each(waiting)('a run past its time ends as "timeout" (%j)', async (...steps) => {
      const { outcome } = await alone(steps, {
        limits: { maxTurns: 9, timeoutMs: 60, stallMs: 60_000 },
        hostTools: [slow],
      })
      expect(outcome.end).toBe('timeout')
      expect(outcome.message).toContain('60 ms')
    })

    test('a run past its turns ends as "max-turns"', async () => {
      const steps = [write('1'), write('2'), write('3'), done('w')]
      const { outcome, task } = await alone(steps, {
        limits: { maxTurns: 2, timeoutMs: 9000, stallMs: 9000 },
      })
      expect([outcome.end, task.status]).toEqual(['max-turns', 'pending'])
      expect(await readdir(app)).not.toContain('3')
    })

    test('a listener that throws ends the run as "crash", and run() does not reject', async () => {
      const onEvent = () => {
        throw new Error('the listener is broken')
      }
      expect((await alone([write('a.txt')], { onEvent })).outcome.end).toBe('crash')
    })
  })
}
