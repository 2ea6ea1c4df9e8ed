import { expect, test } from 'vitest'
import { at, drop, emptyMap, entriesOf, type IntMap, put } from '../../../client/queue/int-map.ts'
import { fc } from '../../properties.ts'

const key = fc.oneof(fc.nat(40), fc.nat(5000), fc.nat(0xfffff))
const step = fc.tuple(fc.constantFrom('put', 'drop'), key, fc.nat())

type Entries = readonly (readonly [number, number])[]

function expectHolds(map: IntMap<number>, wanted: Entries): void {
  expect([...entriesOf(map)]).toEqual(wanted)
  expect(map.size).toBe(wanted.length)
  for (const [key, value] of wanted) expect(at(map, key)).toBe(value)
}

test('an IntMap holds what a Map holds, in ascending order, and every older version stays as it was', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const model = new Map<number, number>()
      const versions: (readonly [IntMap<number>, Entries])[] = []
      let map: IntMap<number> = emptyMap
      for (const [verb, at, value] of steps) {
        map = verb === 'put' ? put(map, at, value) : drop(map, at)
        if (verb === 'put') model.set(at, value)
        else model.delete(at)
        versions.push([map, [...model].sort(([a], [b]) => a - b)])
      }
      for (const [version, wanted] of versions) expectHolds(version, wanted)
      for (const [, at_] of steps) expect(at(map, at_)).toBe(model.get(at_))
    }),
    { numRuns: 200 },
  )
})

test('entriesOf() is lazy', () => {
  let map: IntMap<number> = emptyMap
  for (let number = 0; number < 1000; number++) map = put(map, number, number + 1)
  const entries = entriesOf(map)
  expect(entries.next().value).toEqual([0, 1])
  expect(entries.next().value).toEqual([1, 2])
})
