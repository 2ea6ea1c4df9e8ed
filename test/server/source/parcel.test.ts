import { expect, test } from 'vitest'
import type { Artifact, Release } from '../../../build/release.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { createPacker, createUnpacker, handedOver, type Parcel } from '../../../server/source/parcel.ts'
import { fc } from '../../properties.ts'

const INDEX: Release['index'] = { version: 1, agents: [], flows: [], skills: [], bundles: [], cliEntries: [] }

/** A release with these texts as its artifacts. */
function releaseOf(texts: Readonly<Record<string, string>>): Release {
  const artifacts = Object.entries(texts).map(([name, text]): [string, Artifact] => {
    const bytes = Buffer.from(text)
    return [name, { name, bytes, digest: digestOf(bytes), mediaType: 'text/markdown' }]
  })
  return { id: digestOf(JSON.stringify(texts)), index: INDEX, artifacts: new Map(artifacts) }
}

/** A parcel as it arrives on the other side of a border. */
function cross(parcel: Parcel): Parcel {
  return structuredClone(parcel, { transfer: handedOver(parcel) })
}

const plain = ({ id, artifacts }: Release) => [
  id,
  [...artifacts].map(([name, { bytes, digest }]) => [name, digest, Buffer.from(bytes).toString()]),
]

test('createUnpacker() gives every release of a sequence as it was packed, whatever it shares with the others', () => {
  const texts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('', '1', '2', '3'))
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 8 }), (sequence) => {
      const pack = createPacker()
      const unpack = createUnpacker()
      for (const release of sequence.map(releaseOf)) {
        expect(plain(unpack(cross(pack(release))))).toEqual(plain(release))
      }
    }),
  )
})

test('createPacker() sends only the bytes that are new, and leaves the release its own', () => {
  const pack = createPacker()
  const unpack = createUnpacker()
  const first = unpack(cross(pack(releaseOf({ a: 'one', b: 'two' }))))
  const release = releaseOf({ a: 'one', b: 'three', c: 'two' })
  const parcel = pack(release)
  expect([...parcel.bytes.values()].map((bytes) => Buffer.from(bytes).toString())).toEqual(['three'])
  const second = unpack(cross(parcel))
  expect(second.artifacts.get('a')).toBe(first.artifacts.get('a'))
  expect(plain(release)).toEqual(plain(second))
})

test('createUnpacker() refuses a parcel whose bytes went to somebody else', () => {
  const pack = createPacker()
  pack(releaseOf({ a: 'one' }))
  expect(() => createUnpacker()(pack(releaseOf({ a: 'one' })))).toThrow('Cannot unpack "a"')
})
