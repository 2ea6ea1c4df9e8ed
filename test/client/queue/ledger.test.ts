import { describe, expect, test } from 'vitest'
import { type EventDraft, type Ledger, ledgerOf } from '../../../client/queue/ledger.ts'
import { emptyQueue, taskOf } from '../../../client/queue/queue.ts'
import { memoryLedger, spec } from '../scripted.ts'

const draft = (number: number): EventDraft => ({ e: 'task-enqueued', task: spec(number) })
const queueNext = (ledger: Ledger): Promise<number> =>
  ledger.transact((head) => {
    const number = head.entries.size + 1
    return { events: [draft(number)], answer: number }
  })

function gatedLedger() {
  const gates: PromiseWithResolvers<void>[] = []
  const append = (): Promise<void> => {
    const gate = Promise.withResolvers<void>()
    gates.push(gate)
    return gate.promise
  }
  return { ledger: ledgerOf({ queue: emptyQueue, append, now: () => 7 }), gates }
}

describe('transact()', () => {
  test('decides at once on all that was decided, but shows and tells it only when it is on disk', async () => {
    const { ledger, gates } = gatedLedger()
    const told: number[] = []
    ledger.subscribe(({ at }) => told.push(at))
    const first = queueNext(ledger)
    const second = queueNext(ledger)
    expect(ledger.head().entries.size).toBe(2)
    expect(ledger.committed().entries.size).toBe(0)
    gates[0]?.resolve()
    expect(await first).toBe(1)
    expect(ledger.committed().entries.size).toBe(1)
    expect(told).toEqual([7])
    gates[1]?.resolve()
    expect(await second).toBe(2)
    expect(ledger.committed()).toBe(ledger.head())
  })

  test('keeps even an answer without events back until what it rests on is on disk', async () => {
    const { ledger, gates } = gatedLedger()
    const first = queueNext(ledger)
    let answered = false
    const look = ledger.transact((head) => ({ events: [], answer: taskOf(head, 't1')?.spec.id }))
    void look.then(() => {
      answered = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    gates[0]?.resolve()
    await first
    expect(await look).toBe('t1')
  })

  test('waits for what was only noted as well', async () => {
    const { ledger, gates } = gatedLedger()
    expect(ledger.note(() => ({ events: [draft(1)], answer: 'noted' }))).toBe('noted')
    expect([ledger.head().entries.size, ledger.committed().entries.size]).toEqual([1, 0])
    let answered = false
    const look = ledger
      .transact(() => ({ events: [], answer: 0 }))
      .then(() => {
        answered = true
      })
    gates[0]?.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    gates[1]?.resolve()
    await look
    expect(ledger.committed().entries.size).toBe(1)
  })

  test('tells by `broken` alone that a note could not be written', async () => {
    const { ledger, gates } = gatedLedger()
    ledger.note(() => ({ events: [draft(1)], answer: 0 }))
    gates[0]?.reject(new Error('disk full'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(ledger.broken.reason).toMatchObject({ message: 'disk full' })
    expect(() => ledger.note(() => ({ events: [], answer: 0 }))).toThrow('disk full')
  })

  test('refuses what is not legal and stays as it was', async () => {
    const ledger = memoryLedger()
    await expect(ledger.transact(() => ({ events: [draft(4)], answer: 0 }))).rejects.toThrow(
      'the next id is "t1"',
    )
    expect(await queueNext(ledger)).toBe(1)
  })

  test('applies nothing that could not be written, and decides nothing after it', async () => {
    const { ledger, gates } = gatedLedger()
    const told: unknown[] = []
    ledger.subscribe((event) => told.push(event))
    const first = queueNext(ledger)
    gates[0]?.reject(new Error('disk full'))
    await expect(first).rejects.toThrow('disk full')
    expect(ledger.broken.aborted).toBe(true)
    expect(ledger.committed().entries.size).toBe(0)
    await expect(queueNext(ledger)).rejects.toThrow('disk full')
    expect(told).toEqual([])
    expect(gates).toHaveLength(1)
  })
})
