import { describe, expect, test } from 'vitest'
import { compared } from '../../../client/compare/comparison.ts'
import { type MeasuredRun, measured } from '../../../client/compare/measured-run.ts'
import { apply, emptyQueue } from '../../../client/queue/queue.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { journal, type Said } from './journals.ts'

const recordOf = (id: string, events: readonly RunEvent[], more: object = {}) => ({
  ...{
    id,
    path: id,
    events,
    queue: events.reduce(apply, emptyQueue),
    options: null,
    damage: null,
    isAlive: false,
  },
  ...more,
})
const measure = (said: Said = {}, id = 'r'): MeasuredRun => {
  const found = measured(recordOf(id, journal(id, said)))
  if ('why' in found) throw new Error(found.why)
  return found
}
const several = (n: number, of: (index: number) => Said): MeasuredRun[] =>
  Array.from({ length: n }, (_, index) => measure(of(index), `r${index}`))

describe('measured()', () => {
  test('counts from when the person asked', () => {
    expect(measure({ took: 5000, retried: true }).figures).toEqual({
      ...{ firstTask: 200, firstCompletion: 5200, longestSilence: 4900, time: 5210 },
      ...{ tokens: 200, usd: 0.02, retries: 1 },
    })
  })

  test('leaves out the time while nobody worked on it', () => {
    const [begun, ...rest] = journal('r', { took: 1000 })
    const later = rest.map((event) => ({ ...event, at: event.at + 86_400_000 }))
    const resumed: RunEvent = { e: 'run-resumed', at: (rest[0]?.at ?? 0) + 86_400_000 }
    const found = measured(recordOf('r', [begun!, resumed, ...later]))
    expect(found).toMatchObject({ figures: { firstTask: 150, time: 1160, longestSilence: 1000 } })
  })

  test('has no completion of a run that completed nothing, and no cost where one price is unknown', () => {
    expect(measure({ verdict: 'failed', usd: null })).toMatchObject({
      succeeded: false,
      figures: { firstCompletion: null, usd: null },
    })
  })

  test('takes no interruption for a retry, and no figure for known that is only a part', () => {
    const events = journal('r', { retried: true }).map((event): RunEvent => {
      if (event.e !== 'attempt-ended' || event.failure === null) return event
      const usage = event.usage.map((part) => ({ ...part, isCut: true as const }))
      return { ...event, failure: { kind: 'cancelled', message: '' }, usage }
    })
    const figures = { tokens: null, usd: null, retries: 0 }
    expect(measured(recordOf('r', events))).toMatchObject({ figures })
  })

  test.each([
    [{ verdict: 'cancelled' }, {}, 'it was cancelled'],
    [{ verdict: null }, {}, 'it never came to its end'],
    [{ verdict: null }, { isAlive: true }, 'it is at work right now'],
    [{}, { damage: 'line 3 is not as it was written' }, 'line 3 is not as it was written'],
  ] as const)('leaves out %j %j', (said, more, why) => {
    expect(measured(recordOf('r', journal('r', said), more))).toEqual({ why })
  })
})

describe('compared()', () => {
  test('pairs groups that differ in one thing, what is compared with first', () => {
    const runs = (['experiment-x', 'main'] as const).flatMap((channel) =>
      (['orchestrator', 'linear'] as const).map((sequence) => measure({ channel, sequence })),
    )
    const [flow] = compared(runs)
    expect(flow?.groups.map(({ name }) => name)).toEqual([
      ...['linear · main', 'linear · experiment-x', 'orchestrator · main', 'orchestrator · experiment-x'],
    ])
    expect(flow?.pairs.map(({ first, second }) => `${first} > ${second}`)).toEqual([
      'linear · main > linear · experiment-x',
      'linear · main > orchestrator · main',
      'linear · experiment-x > orchestrator · experiment-x',
      'orchestrator · main > orchestrator · experiment-x',
    ])
    const [turned] = compared(runs, ['experiment-x', 'main'])
    expect(turned?.pairs[0]).toMatchObject({ first: 'linear · experiment-x', second: 'linear · main' })
  })

  test('takes a run that names no sequence for an orchestrated one', () => {
    expect(compared([measure()])[0]?.groups).toMatchObject([
      { name: 'orchestrator', sequence: 'orchestrator' },
    ])
  })

  test('says what is shorter, and that it cannot tell where runs are too few or alike', () => {
    const slow = (index: number): Said => ({ sequence: 'linear', took: 9000 + index * 10 })
    const fast = (index: number): Said => ({ sequence: 'orchestrator', took: 1000 + index * 10 })
    const [clear] = compared([...several(6, slow), ...several(6, fast)])
    expect(clear?.pairs[0]?.measures.time).toMatchObject({ says: 'less', by: -8000 })
    expect(clear?.pairs[0]?.measures.retries).toMatchObject({ says: 'no difference shown', by: 0 })
    expect(clear?.pairs[0]?.success).toMatchObject({ says: 'no difference shown' })
    expect(clear?.groups[0]?.measures.time).toMatchObject({ n: 6, interval: { low: 9210, high: 9260 } })
    const [few] = compared([...several(3, slow), ...several(3, fast)])
    expect(few?.pairs[0]?.measures.time).toEqual({ says: 'too few runs' })
    expect(few?.pairs[0]?.success).toEqual({ says: 'too few runs' })
    expect(few?.groups[0]?.measures.time.interval).toBeNull()
  })

  test('says nothing of cost where the cost of one run is unknown', () => {
    const linear = several(8, (index) => ({ sequence: 'linear', usd: index === 3 ? null : 0.02 }))
    const [flow] = compared([...linear, ...several(8, () => ({ sequence: 'orchestrator' }))])
    expect(flow?.groups[0]?.measures.usd).toEqual({ n: 0, median: null, interval: null })
    expect(flow?.pairs[0]?.measures.usd).toEqual({ says: 'unknown' })
  })

  test('warns of what else may make a difference, and keeps flows apart', () => {
    const runs = [
      measure({ harness: 'ai' }),
      measure({ release: 'b' }),
      measure({ flow: 'other', channel: null }),
    ]
    const flows = compared(runs)
    expect(flows.map(({ flow }) => flow)).toEqual(['demo', 'other'])
    expect(flows[0]?.warnings).toEqual([
      'Not all runs had the same harness: ai (1), claude (1)',
      '"main" had 2 releases',
    ])
    expect(flows[1]?.groups[0]?.channel).toBe('release aaaaaaaaaaaa')
  })
})
