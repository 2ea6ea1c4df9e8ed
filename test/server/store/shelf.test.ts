import { expect, test } from 'vitest'
import { shelf } from '../../../server/store/shelf.ts'
import { emptyRelease } from '../empty-release.ts'

test('shelf() loads a release once for all who wait for it', async () => {
  let loads = 0
  const { take } = shelf({
    limit: 2,
    load: async (id) => {
      loads += 1
      return emptyRelease(id)
    },
  })
  const taken = await Promise.all([take('a'), take('a'), take('a')])
  expect(new Set(taken).size).toBe(1)
  expect(loads).toBe(1)
})

test('shelf() forgets the least recently used beyond its limit', async () => {
  const loaded: string[] = []
  const { put, take } = shelf({
    limit: 2,
    load: async (id) => {
      loaded.push(id)
      return emptyRelease(id)
    },
  })
  put(emptyRelease('a'))
  put(emptyRelease('b'))
  await take('a')
  put(emptyRelease('c'))
  await take('a')
  await take('b')
  expect(loaded).toEqual(['b'])
})

test('shelf() asks again for what was not there', async () => {
  const answers = [undefined, emptyRelease('a')]
  const { take } = shelf({ limit: 2, load: async () => answers.shift() })
  expect(await take('a')).toBeUndefined()
  expect((await take('a'))?.id).toBe('a')
})
