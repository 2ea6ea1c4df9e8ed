import { expect, test } from 'vitest'
import { settle } from '../../../build/watch/settle.ts'

/** What a file says from a moment on, in milliseconds; `heard` when the watcher tells of it. */
interface Write {
  readonly at: number
  readonly text: string
  readonly heard?: boolean
}

/** Follows a burst of writes on a clock of its own, on which looking and preparing take time. */
async function follow(writes: readonly Write[], { looking = 5, preparing = 0 } = {}) {
  let time = writes[0]?.at ?? 0
  let rungUpTo = time
  const prepared: string[] = []
  const textAt = (moment: number) => writes.findLast(({ at }) => at <= moment)?.text ?? ''
  const nextRing = () => writes.find(({ at, heard }) => heard !== false && at > rungUpTo)?.at ?? Infinity
  const look = async () => {
    const seen = { key: textAt(time) }
    time += looking
    return seen
  }
  const bell = {
    ring: () => undefined,
    wait: async (limit: number) => {
      const ring = nextRing()
      const rings = ring <= Math.max(time, time + limit)
      if (rings) rungUpTo = ring
      time = rings ? Math.max(time, ring) : Math.max(time, time + limit)
      return rings
    },
  }
  const prepare = async ({ key }: { readonly key: string }) => {
    prepared.push(key)
    time += preparing
  }
  const at = time
  const seen = await look()
  const options = { look, bell, prepare, now: () => time, signal: new AbortController().signal }
  const { key } = await settle(options, { seen, at })
  const last = writes.at(-1)?.at ?? 0
  return { text: key, prepared, after: time - last }
}

test('settle() takes a save once it was still for 150 ms, and prepares it meanwhile', async () => {
  const { text, prepared, after } = await follow([{ at: 0, text: 'whole' }])
  expect([text, prepared]).toEqual(['whole', ['whole']])
  expect(after).toBeGreaterThanOrEqual(150)
  expect(after).toBeLessThan(175)
})

test('settle() adds only one more look to work that takes longer than the quiet time', async () => {
  const { after } = await follow([{ at: 0, text: 'whole' }], { preparing: 400 })
  expect(after).toBeLessThan(430)
})

test.each([1, 20, 60, 119])(
  'settle() takes nothing of a save whose pieces come every %i ms',
  async (pause) => {
    const pieces = Array.from({ length: 12 }, (_, at) => ({ at: at * pause, text: 'x'.repeat(at + 1) }))
    for (const heard of [true, false]) {
      const { text, after } = await follow(pieces.map((piece) => ({ ...piece, heard })))
      expect(text).toBe('x'.repeat(12))
      expect(after).toBeLessThan(heard ? 400 : 720)
    }
  },
)

test('settle() waits longer for who was seen to write piece by piece', async () => {
  const pieces = [0, 100, 400].map((at) => ({ at, text: `piece ${at}` }))
  expect((await follow(pieces)).text).toBe('piece 400')
})

test('settle() prepares nothing in the middle of a burst', async () => {
  const burst = Array.from({ length: 60 }, (_, at) => ({ at: at * 3, text: `file ${at}` }))
  const { text, prepared } = await follow(burst)
  expect([text, prepared]).toEqual(['file 59', ['file 59']])
})

test('settle() sees a change that no watcher told of while work was done', async () => {
  const quiet = await follow(
    [
      { at: 0, text: 'first' },
      { at: 40, text: 'second', heard: false },
    ],
    { preparing: 300 },
  )
  expect([quiet.text, quiet.prepared]).toEqual(['second', ['first', 'second']])
})
