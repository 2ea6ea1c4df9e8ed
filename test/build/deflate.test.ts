import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createDeflate, deflate } from '../../build/deflate.ts'
import { fc } from '../properties.ts'

/** Prose that repeats itself, bytes by lot, and both at lengths around those of blocks, windows and the scratch. */
const parts = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 300 }).map((text) => Buffer.from(text)),
    fc
      .tuple(fc.constantFrom('the quick ', 'a', 'next_step: 2-step.md\n'), fc.nat(9_000))
      .map(([text, times]) => Buffer.from(text.repeat(times))),
  ),
  { maxLength: 8 },
)

test('deflate() packs what inflates to the same bytes', () => {
  fc.assert(
    fc.property(parts, (content) => {
      const bytes = Buffer.concat(content)
      expect(inflateRawSync(deflate(bytes)).equals(bytes)).toBe(true)
    }),
  )
})

test('deflate() packs alike whatever was packed before', () => {
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 4 }), parts, (before, content) => {
      const used = createDeflate()
      for (const one of before) used(Buffer.concat(one))
      const bytes = Buffer.concat(content)
      expect(Buffer.compare(used(bytes), createDeflate()(bytes))).toBe(0)
    }),
  )
})

test('deflate() has room for what does not get smaller', () => {
  let state = 1
  const noise = Buffer.alloc(1_000_000, 0).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  })
  for (const length of [0, 1, 2, 3, 63, 64, 65, 32_768, 220_000, 262_144, 1_000_000]) {
    const bytes = noise.subarray(0, length)
    const packed = deflate(bytes)
    expect(packed.length).toBeLessThan(length + (length >>> 3) + 64)
    expect(Buffer.compare(inflateRawSync(packed), bytes)).toBe(0)
  }
})

test('deflate() gives bytes that later packing leaves alone', () => {
  const packed = deflate(Buffer.from('first'))
  const copy = Buffer.from(packed)
  deflate(Buffer.from('second, and longer'))
  expect(copy.equals(packed)).toBe(true)
})
