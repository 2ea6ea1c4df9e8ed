import { describe, expect, test } from 'vitest'
import type { Clock } from '../../../client/clock.ts'
import { type DrainOptions, drain } from '../../../client/execute/executor.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { check, complete, failing, load, ok, optionsFor } from '../drain-kit.ts'
import { handoff, memoryLedger, spec } from '../scripted.ts'

describe('drain()', () => {
  test.each([1, 2, 5])('never runs more than %i at once, and that many when it can', async (concurrency) => {
    const events: RunEvent[] = []
    const ledger = memoryLedger(events)
    await load(ledger, [spec(1), spec(2), spec(3, [1]), spec(4), spec(5, [1, 2]), spec(6), spec(7), spec(8)])
    let atWork = 0
    let most = 0
    const attempt: DrainOptions['attempt'] = async (start) => {
      most = Math.max(most, ++atWork)
      await new Promise((resolve) => setTimeout(resolve, 2))
      await complete(ledger, start)
      atWork--
      return ok
    }
    await drain(optionsFor(ledger, attempt, { concurrency }))
    expect(most).toBe(concurrency)
    expect(check(events, concurrency).order).toHaveLength(8)
    expect(ledger.committed().counts).toMatchObject({ done: 8, pending: 0 })
  })

  test('releases dependents only when the agent has ended, however long ago it reported', async () => {
    const ledger = memoryLedger()
    await load(ledger, [spec(1), spec(2, [1])])
    const log: string[] = []
    const attempt: DrainOptions['attempt'] = async (start) => {
      log.push(`start ${start.task.spec.id}`)
      await complete(ledger, start)
      await new Promise((resolve) => setTimeout(resolve, 20))
      log.push(`end ${start.task.spec.id}`)
      return ok
    }
    await drain(optionsFor(ledger, attempt, { concurrency: 4 }))
    expect(log).toEqual(['start t1', 'end t1', 'start t2', 'end t2'])
  })

  test('takes up what is queued while it drains, and holds back what waits for planning to end', async () => {
    const events: RunEvent[] = []
    const ledger = memoryLedger(events)
    const planning = Promise.withResolvers<void>()
    const order: string[] = []
    const attempt: DrainOptions['attempt'] = async (start) => {
      const { id } = start.task.spec
      order.push(id)
      if (id === 't1') await load(ledger, [spec(3, [1]), spec(4)])
      await complete(ledger, start)
      if (id === 't4') setTimeout(() => planning.resolve(order.push('planned') as never), 5)
      return ok
    }
    const isHeld: DrainOptions['isHeld'] = ({ spec: { id } }) => id === 't2'
    const draining = drain(optionsFor(ledger, attempt, { planning: planning.promise, isHeld }))
    await load(ledger, [spec(1), spec(2)])
    await draining
    expect(order).toEqual(['t1', 't3', 't4', 'planned', 't2'])
    check(events, 1)
  })

  test('survives a task that ends in the same turn it starts', async () => {
    const ledger = memoryLedger()
    await load(ledger, [spec(1), spec(2, [1])])
    const attempt: DrainOptions['attempt'] = () => Promise.resolve(failing('security'))
    await drain(optionsFor(ledger, attempt))
    expect(ledger.committed().counts).toMatchObject({ failed: 1, blocked: 1 })
  })

  test.each([
    ['crash', 2],
    ['no-report', 2],
    ['timeout', 2],
    ['security', 1],
    ['auth', 1],
  ] as const)('gives a task that fails by %s %i attempts', async (kind, attempts) => {
    const events: RunEvent[] = []
    const ledger = memoryLedger(events)
    await load(ledger, [spec(1)])
    await drain(optionsFor(ledger, async () => (kind === 'no-report' ? ok : failing(kind))))
    const ends = events.filter((event) => event.e === 'attempt-ended')
    expect(ends.map(({ failure }) => failure?.kind)).toEqual(Array(attempts).fill(kind))
    expect(ends.map(({ retry }) => retry)).toEqual([...Array(attempts - 1).fill(true), false])
  })

  test('tells the second attempt what the first one left', async () => {
    const ledger = memoryLedger()
    await load(ledger, [spec(1)])
    const states: unknown[] = []
    await drain(
      optionsFor(ledger, async (start) => {
        states.push(start.task.state)
        await complete(ledger, start, start.attempt === 1 ? 'failed' : 'done')
        return ok
      }),
    )
    const failure = { kind: 'self-reported', message: 'did it' }
    expect(states[1]).toMatchObject({ status: 'pending', lastFailure: failure, lastHandoff: handoff() })
    expect(ledger.committed().counts.done).toBe(1)
  })

  test('lets a report of success stand however the agent ended', async () => {
    const ledger = memoryLedger()
    await load(ledger, [spec(1)])
    await drain(
      optionsFor(ledger, async (start) => {
        await complete(ledger, start)
        return failing('timeout')
      }),
    )
    expect(ledger.committed().counts.done).toBe(1)
  })

  test('does not send a second agent after one that would not stop', async () => {
    const ledger = memoryLedger()
    await load(ledger, [spec(1)])
    await drain(optionsFor(ledger, async () => failing('timeout', { lost: true })))
    expect(ledger.committed().counts.failed).toBe(1)
  })

  test('waits before it asks a provider in trouble again: doubling, with jitter, or as long as it was told', async () => {
    const slept: number[] = []
    const clock: Clock = { now: () => 0, sleep: async (ms) => slept.push(ms) > 0 }
    for (const [kind, random, retryAfterMs] of [
      ['rate-limit', 0, undefined],
      ['api', 1, undefined],
      ['rate-limit', 1, 7000],
    ] as const) {
      const ledger = memoryLedger()
      await load(ledger, [spec(1, [], { maxAttempts: 3 })])
      const ending = failing(kind, retryAfterMs === undefined ? {} : { retryAfterMs })
      await drain(optionsFor(ledger, async () => ending, { clock, random: () => random }))
    }
    expect(slept).toEqual([500, 1000, 1000, 2000, 7000, 7000])
  })

  test('starts nothing more once it is told to stop, and waits for the agents at work', async () => {
    const stop = new AbortController()
    const events: RunEvent[] = []
    const ledger = memoryLedger(events)
    await load(ledger, [spec(1), spec(2), spec(3)])
    let ended = 0
    const attempt: DrainOptions['attempt'] = async () => {
      stop.abort()
      await new Promise((resolve) => setTimeout(resolve, 10))
      ended++
      return failing('cancelled')
    }
    await drain(
      optionsFor(ledger, attempt, {
        concurrency: 2,
        signal: stop.signal,
        planning: new Promise(() => undefined),
      }),
    )
    expect(ended).toBe(check(events, 2).order.length)
    expect(ledger.committed().counts).toMatchObject({ pending: 3, running: 0, failed: 0 })
  })

  test('tells of a fault instead of hanging on it', async () => {
    const stop = new AbortController()
    const ledger = memoryLedger()
    await load(ledger, [spec(1), spec(2)])
    const faults: unknown[] = []
    const onFault = (error: unknown): void => {
      faults.push(error)
      stop.abort()
    }
    const attempt: DrainOptions['attempt'] = () => Promise.reject(new Error('no prompt'))
    await drain(optionsFor(ledger, attempt, { signal: stop.signal, onFault }))
    expect(faults.map(String)).toEqual(['Error: no prompt'])
  })
})
