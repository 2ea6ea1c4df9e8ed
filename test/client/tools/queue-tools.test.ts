import { describe, expect, test } from 'vitest'
import { type Caller, operationsFor } from '../../../client/execute/operations.ts'
import type { HostTool } from '../../../client/harness/harness.ts'
import type { Ledger } from '../../../client/queue/ledger.ts'
import { taskOf } from '../../../client/queue/queue.ts'
import { completeTask } from '../../../client/tools/complete-task.ts'
import { enqueueTask } from '../../../client/tools/enqueue-task.ts'
import { readHandoffs } from '../../../client/tools/read-handoffs.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { crash, done, ended, enqueued, handoff, memoryLedger, reported, rules, started } from '../scripted.ts'

const never = new AbortController().signal
const call = (tool: HostTool, input: unknown): Promise<string> => tool.run(input, never)

async function ledgerWith(...events: readonly RunEvent[]): Promise<Ledger> {
  const ledger = memoryLedger()
  await ledger.transact(() => ({ events, answer: undefined }))
  return ledger
}
const operations = (ledger: Ledger, caller: Caller) =>
  operationsFor(caller, { ledger, rules: rules(), labelOf: (type) => `The ${type}` })
const t1 = (attempt = 1): Caller => ({ by: 'task', id: 't1', attempt })
const planning: RunEvent = { e: 'seed-started', at: 0, model: 'm' }

describe('enqueue_task', () => {
  const types = ['work', 'report']
  test('queues, and answers with the id', async () => {
    const ledger = await ledgerWith(planning)
    const tool = enqueueTask(operations(ledger, { by: 'seed' }), types)
    expect(await call(tool, { type: 'work', reason: 'found it' })).toBe('Queued t1 (work); it can start now')
    expect(await call(tool, { type: 'work', label: 'Mine', dependsOn: ['t1', 't1'] })).toBe(
      'Queued t2 (work); it waits for t1',
    )
    expect(taskOf(ledger.head(), 't1')?.spec).toMatchObject({
      label: 'The work',
      enqueuedBy: 'seed',
      depth: 0,
      reason: 'found it',
    })
    expect(taskOf(ledger.head(), 't2')?.spec).toMatchObject({ label: 'Mine', dependsOn: ['t1'] })
    expect(tool.description).toContain('Types: work, report')
  })
  test('puts what a task queues one level below it', async () => {
    const ledger = await ledgerWith(enqueued(1, [], { depth: 2 }), started(1))
    await call(enqueueTask(operations(ledger, t1()), types), { type: 'work' })
    expect(taskOf(ledger.head(), 't2')?.spec).toMatchObject({ depth: 3, enqueuedBy: 't1' })
  })
  test('rejects with the words of the guard, and puts them on record', async () => {
    const events: RunEvent[] = []
    const ledger = memoryLedger(events)
    await ledger.transact(() => ({ events: [planning], answer: 0 }))
    const tool = enqueueTask(operations(ledger, { by: 'seed' }), types)
    await expect(call(tool, { type: 'wrok' })).rejects.toThrow(
      'Cannot queue "wrok": the flow has no such type',
    )
    expect(events.at(-1)).toMatchObject({ e: 'guard-tripped', guard: 'unknown-type', by: 'seed' })
  })
  test.each([
    [{}, 'type: '],
    [{ type: 'work', dependsOn: ['install'] }, 'dependsOn.0: expected a task id such as "t3"'],
    [{ type: 'work', dependson: [] }, 'Unrecognized key'],
    [{ type: 'work', inputs: { a: 'x'.repeat(16_001) } }, 'inputs: expected at most 16,000 characters'],
    ['work', 'input: '],
  ])('names the field that is wrong in %j', async (input, message) => {
    const ledger = await ledgerWith(planning)
    await expect(call(enqueueTask(operations(ledger, { by: 'seed' }), types), input)).rejects.toThrow(message)
    expect(ledger.head().entries.size).toBe(0)
  })
  test('takes nothing from a planner or an attempt that is over', async () => {
    const idle = await ledgerWith()
    await expect(
      call(enqueueTask(operations(idle, { by: 'seed' }), types), { type: 'work' }),
    ).rejects.toThrow('Planning is over')
    const ledger = await ledgerWith(enqueued(1), ...done(1))
    await expect(call(enqueueTask(operations(ledger, t1()), types), { type: 'work' })).rejects.toThrow(
      'Attempt 1 of t1 is over',
    )
  })
})

describe('complete_task', () => {
  const input = { status: 'done', handoff: handoff() }
  test('reports, and ends the run of its agent', async () => {
    const ledger = await ledgerWith(enqueued(1), started(1))
    const tool = completeTask(operations(ledger, t1()))
    expect(tool.endsRun).toBe(true)
    expect(await call(tool, input)).toContain('Reported "done"')
    expect(taskOf(ledger.head(), 't1')?.state).toMatchObject({
      status: 'running',
      report: { status: 'done' },
    })
  })
  test('refuses a second report', async () => {
    const ledger = await ledgerWith(enqueued(1), started(1), reported(1))
    const refusal = 'reported as "done" already; the first report stands'
    await expect(
      call(completeTask(operations(ledger, t1())), { ...input, status: 'failed', reason: 'x' }),
    ).rejects.toThrow(refusal)
  })
  test('refuses an earlier attempt while the next one is at work', async () => {
    const again = [started(1), ended(1, { failure: crash, retry: true }), started(1, 2)]
    const ledger = await ledgerWith(enqueued(1), ...again)
    await expect(call(completeTask(operations(ledger, t1(1))), input)).rejects.toThrow(
      'Attempt 1 of t1 is over',
    )
    expect(await call(completeTask(operations(ledger, t1(2))), input)).toContain('Reported')
  })
  test('refuses what does not run', async () => {
    const ledger = await ledgerWith(enqueued(1))
    await expect(call(completeTask(operations(ledger, t1(0))), input)).rejects.toThrow(
      'Attempt 0 of t1 is over',
    )
  })
  test.each([
    [{ status: 'completed', handoff: handoff() }, 'status: '],
    [{ status: 'done' }, 'handoff: '],
    [
      { status: 'failed', handoff: handoff() },
      'reason: expected a reason when the status is "failed" or "not-needed"',
    ],
    [
      { status: 'done', handoff: { ...handoff(), did: 'x'.repeat(8001) } },
      'handoff.did: expected at most 8,000 characters',
    ],
    [
      { status: 'done', handoff: { ...handoff(), filesTouched: Array(201).fill('a') } },
      'handoff.filesTouched: expected at most 200 paths',
    ],
  ])('names what is wrong with the report, and the agent may try again', async (bad, message) => {
    const ledger = await ledgerWith(enqueued(1), started(1))
    const tool = completeTask(operations(ledger, t1()))
    await expect(call(tool, bad)).rejects.toThrow(message)
    expect(await call(tool, input)).toContain('Reported')
  })
})

describe('read_handoffs', () => {
  test('tells of a task that ended just now, before its end is on disk', async () => {
    const ledger = await ledgerWith(enqueued(1), enqueued(2, [1]), started(1), reported(1))
    ledger.note(() => ({ events: [ended(1), started(2)], answer: undefined }))
    const t2: Caller = { by: 'task', id: 't2', attempt: 1 }
    expect(await call(readHandoffs(operations(ledger, t2), 't2'), {})).toContain('(done)\n- Goal: the goal')
  })

  const tool = async () => {
    const ledger = await ledgerWith(
      enqueued(1),
      ...done(1),
      enqueued(2, [], { type: 'ask' }),
      ...done(2),
      enqueued(3, [2]),
      started(3),
    )
    return readHandoffs(operations(ledger, { by: 'task', id: 't3', attempt: 1 }), 't3')
  }
  const idsIn = (text: string): string[] => [...text.matchAll(/^### (t\d+)/gm)].map(([, id]) => id ?? '')
  test('tells of the dependencies, of ids, of types', async () => {
    expect(idsIn(await call(await tool(), {}))).toEqual(['t2'])
    expect(idsIn(await call(await tool(), { tasks: ['t1', 't3'] }))).toEqual(['t1', 't3'])
    expect(idsIn(await call(await tool(), { types: ['work'] }))).toEqual(['t1', 't3'])
    expect(idsIn(await call(await tool(), { tasks: ['t1'], types: ['work', 'ask'] }))).toEqual([
      't1',
      't2',
      't3',
    ])
  })
  test('says what is known when an id is not', async () => {
    await expect(call(await tool(), { tasks: ['t1', 't9'] })).rejects.toThrow(
      'Cannot read the handoff of t9: the queue holds 3 tasks',
    )
    expect(await call(await tool(), { types: ['nothing'] })).toBe(
      'No task matches, so there is nothing to read',
    )
  })
  test('is bounded however much there is', async () => {
    const long = { ...handoff(), did: 'd'.repeat(8000), forNextAgent: 'n'.repeat(8000) }
    const events = Array.from({ length: 40 }, (_, at) => at + 1).flatMap((n): RunEvent[] => [
      enqueued(n),
      started(n),
      { ...reported(n), handoff: long } as RunEvent,
      ended(n),
    ])
    const ledger = await ledgerWith(...events)
    const text = await call(readHandoffs(operations(ledger, t1()), 't1'), { types: ['work'] })
    expect(text.length).toBeLessThan(25_000)
    expect(idsIn(text)).toHaveLength(40)
  })
})
