import { expect, test } from 'vitest'
import { type BatchAnswer, batchReader } from '../../../build/git/objects.ts'
import { fc } from '../../properties.ts'

test('batchReader() gives back every blob, however the stream is cut', () => {
  const blobs = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 })
  fc.assert(
    fc.property(blobs, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (bodies, cuts) => {
      const answers: BatchAnswer[] = []
      const read = batchReader((answer) => answers.push(answer))
      const stream = Buffer.concat(
        bodies.map((body) =>
          Buffer.concat([Buffer.from(`${'0a'.repeat(20)} blob ${body.length}\n`), body, Buffer.from('\n')]),
        ),
      )
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const end = at + (cuts[turn % cuts.length] ?? 1)
        read(stream.subarray(at, end))
        at = end
      }
      expect(answers.map(({ bytes }) => bytes)).toEqual(bodies.map((body) => Buffer.from(body)))
    }),
  )
})

test('batchReader() tells what is missing and what is no blob', () => {
  const answers: BatchAnswer[] = []
  const read = batchReader((answer) => answers.push(answer))
  read(
    Buffer.from(`${'00'.repeat(20)} missing\n${'0b'.repeat(20)} tree 2\nab\n${'0c'.repeat(20)} blob 1\nx\n`),
  )
  expect(answers.map(({ bytes }) => bytes?.toString())).toEqual([undefined, undefined, 'x'])
})
