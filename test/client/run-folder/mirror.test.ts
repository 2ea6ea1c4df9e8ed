import { expect, test } from 'vitest'
import type { Clock } from '../../../client/clock.ts'
import { mirrorOf } from '../../../client/run-folder/mirror.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { done, enqueued, failed, memoryLedger } from '../scripted.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function watched(write: (path: string, text: string) => Promise<void>, ledger = memoryLedger()) {
  const pauses: { readonly ms: number; readonly end: () => void }[] = []
  const clock: Clock = {
    now: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        pauses.push({ ms, end: () => resolve(true) })
        if (signal.aborted) resolve(false)
        signal.addEventListener('abort', () => resolve(false))
      }),
  }
  const mirror = mirrorOf({ queue: ledger.committed, write, clock })
  ledger.subscribe(mirror.onEvent)
  const commit = (...events: RunEvent[]): Promise<void> =>
    ledger.transact(() => ({ events, answer: undefined }))
  return { mirror, commit, pauses }
}

test('a mirror writes a burst of events once, the rest after a pause, and everything when it closes', async () => {
  const written: string[] = []
  let queue = ''
  const { mirror, commit, pauses } = watched(async (path, text) => {
    written.push(path)
    if (path === 'queue.json') queue = text
  })
  await commit(enqueued(1), enqueued(2, [1]), ...done(1))
  await turn()
  expect(written).toEqual(['handoffs/t1.json', 'queue.json'])
  await commit(...failed(2))
  await turn()
  expect(written).toHaveLength(2)
  expect(pauses[0]?.ms).toBe(100)
  await mirror.close()
  expect(written.slice(2)).toEqual(['queue.json'])
  expect(JSON.parse(queue)).toMatchObject({
    counts: { done: 1, failed: 1 },
    tasks: [
      { id: 't1', status: 'done', attempts: 1, dependsOn: [] },
      { id: 't2', status: 'failed', dependsOn: ['t1'], failure: { kind: 'crash' } },
    ],
  })
  expect(queue).not.toContain('handoff')
})

test('a mirror says when it could not write, but only when it closes', async () => {
  const { mirror, commit } = watched(() => Promise.reject(new Error('disk full')))
  await commit(enqueued(1))
  await turn()
  await commit(enqueued(2))
  await expect(mirror.close()).rejects.toThrow('disk full')
})

test('a mirror writes what the disk had no room for as soon as it has', async () => {
  const written: string[] = []
  let isFull = true
  const { mirror, commit } = watched(async (path) => {
    if (isFull) throw new Error('disk full')
    written.push(path)
  })
  await commit(enqueued(1), ...done(1))
  await turn()
  isFull = false
  await mirror.close()
  expect(written).toEqual(['handoffs/t1.json', 'queue.json'])
})

test('a mirror of a run that is taken up again writes the handoffs that its last process may have left unwritten', async () => {
  const ledger = memoryLedger()
  await ledger.transact(() => ({ events: [enqueued(1), enqueued(2), ...done(1)], answer: undefined }))
  const written: string[] = []
  const { mirror, commit } = watched(async (path) => void written.push(path), ledger)
  await commit({ e: 'run-resumed', at: 0 })
  await mirror.close()
  expect(written).toEqual(['handoffs/t1.json', 'queue.json'])
})

test('a mirror that saw nothing writes nothing', async () => {
  const written: string[] = []
  const { mirror } = watched(async (path) => void written.push(path))
  await mirror.close()
  expect(written).toEqual([])
})
