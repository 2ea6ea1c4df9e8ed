import { expect, test } from 'vitest'
import { headAndTail } from '../../../client/supervision/head-and-tail.ts'
import { fc } from '../../properties.ts'

test('headAndTail() keeps the first and the last bytes, whatever the chunks', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), (chunks) => {
      const output = headAndTail(8)
      for (const chunk of chunks) output.add(Buffer.from(chunk))
      const all = chunks.join('')
      const expected =
        all.length <= 16 ? all : `${all.slice(0, 8)}\n(${all.length - 16} bytes left out)\n${all.slice(-8)}`
      expect(output.text()).toBe(expected)
    }),
  )
})
