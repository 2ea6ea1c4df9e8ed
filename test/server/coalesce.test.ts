import { expect, test } from 'vitest'
import { coalesce } from '../../server/coalesce.ts'
import { fc } from '../properties.ts'

test('coalesce() folds requests of one round into one more', async () => {
  let rounds = 0
  const request = coalesce(async () => {
    rounds += 1
    await new Promise(setImmediate)
  })
  await Promise.all(Array.from({ length: 50 }, () => request()))
  expect(rounds).toBe(2)
})

test('coalesce() goes on after a round that failed, and tells only those who asked for it', async () => {
  let rounds = 0
  const request = coalesce(async () => {
    rounds += 1
    if (rounds === 1) throw new Error('first')
  })
  const first = request()
  const second = request()
  await expect(first).rejects.toThrow('first')
  await expect(second).resolves.toBeUndefined()
})

test('coalesce() never runs twice at once, and every request is followed by a round of its own or later', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 8 }), async (scheduler, count) => {
      let running = 0
      let begun = 0
      const request = coalesce(async () => {
        running += 1
        begun += 1
        expect(running).toBe(1)
        await scheduler.schedule(Promise.resolve())
        running -= 1
      })
      const asked = Array.from({ length: count }, () =>
        scheduler.schedule(Promise.resolve()).then(async () => {
          const before = begun
          await request()
          expect(begun).toBeGreaterThan(before)
        }),
      )
      await scheduler.waitFor(Promise.all(asked))
    }),
  )
})
