import { expect, test, vi } from 'vitest'
import { wallClock } from '../../client/clock.ts'

const DAY = 86_400_000

test.each([DAY, -DAY])(
  'wallClock passes as before when the clock of the machine is set by %i ms',
  async (jump) => {
    const real = Date.now
    const before = wallClock.now()
    const set = vi.spyOn(Date, 'now').mockImplementation(() => real() + jump)
    try {
      expect(await wallClock.sleep(5, new AbortController().signal)).toBe(true)
      expect(wallClock.now() - before).toBeGreaterThanOrEqual(4)
      expect(wallClock.now() - before).toBeLessThan(DAY / 2)
    } finally {
      set.mockRestore()
    }
  },
)

test('wallClock sleeps for longer than a timer can be set for', async () => {
  const stop = new AbortController()
  const slept = wallClock.sleep(30 * DAY, stop.signal)
  const first = await Promise.race([slept, wallClock.sleep(20, stop.signal).then(() => 'still asleep')])
  expect(first).toBe('still asleep')
  stop.abort()
  expect(await slept).toBe(false)
})
