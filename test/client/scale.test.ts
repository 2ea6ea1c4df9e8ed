import { describe, expect, test } from 'vitest'
import { drain } from '../../client/execute/executor.ts'
import { enqueue } from '../../client/queue/enqueue.ts'
import type { RunEvent } from '../../schemas/run-event.ts'
import { check, failing, load, optionsFor, reporting } from './drain-kit.ts'
import { memoryLedger, rules, spec } from './scripted.ts'

describe('drain() of 10,000 tasks', () => {
  test.each([
    ['side by side', 64, () => []],
    ['as one chain', 1, (number: number) => (number === 1 ? [] : [number - 1])],
    [
      'between one root and one leaf',
      8,
      (number: number) =>
        number === 1 ? [] : number < 10_000 ? [1] : [...Array(9999).keys()].map((n) => n + 1),
    ],
  ] as const)('%s', async (...row) => {
    const [, concurrency, depsOf] = row
    const events: RunEvent[] = []
    const ledger = memoryLedger(events)
    await load(
      ledger,
      [...Array(10_000).keys()].map((n) => spec(n + 1, depsOf(n + 1))),
    )
    await drain(optionsFor(ledger, reporting(ledger), { concurrency }))
    expect(new Set(check(events, concurrency).order).size).toBe(10_000)
    expect(ledger.committed().counts.done).toBe(10_000)
  })

  test('blocks a chain of 10,000 behind one failure', async () => {
    const ledger = memoryLedger()
    await load(
      ledger,
      [...Array(10_000).keys()].map((n) => spec(n + 1, n === 0 ? [] : [n])),
    )
    await drain(optionsFor(ledger, async () => failing('security')))
    expect(ledger.committed().counts).toMatchObject({ failed: 1, blocked: 9999 })
  })

  test('queued through every guard', async () => {
    const ledger = memoryLedger()
    for (let n = 0; n < 10_000; n++) {
      const request = {
        type: 'work',
        label: 'w',
        dependsOn: n > 0 ? ['t1'] : [],
        inputs: { n },
        enqueuedBy: 'seed',
        depth: 0,
        optional: false,
      }
      void ledger.transact((head) => ({
        events: enqueue(head, request, rules({ maxTasks: 10_000 })).events,
        answer: 0,
      }))
    }
    await ledger.transact(() => ({ events: [], answer: 0 }))
    expect(ledger.committed().counts.pending).toBe(10_000)
  })
})
