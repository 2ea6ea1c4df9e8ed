import { expect, test } from 'vitest'
import type { ServedRelease } from '../../../server/store/served-release.ts'
import { shelf } from '../../../server/store/shelf.ts'
import { emptyRelease } from '../empty-release.ts'

test('shelf() loads a release once for all who wait for it', async () => {
  let loads = 0
  const { take } = shelf({
    limit: 2,
    room: Infinity,
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
    room: Infinity,
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
  const { take } = shelf({ limit: 2, room: Infinity, load: async () => answers.shift() })
  expect(await take('a')).toBeUndefined()
  expect((await take('a'))?.id).toBe('a')
})

test('shelf() forgets the least recently used beyond its room, and counts once what several hold', async () => {
  const release = (id: string, ...all: readonly Uint8Array[]): ServedRelease => {
    const artifacts = new Map(
      all.map((bytes, at) => [
        `${at}.md`,
        { name: `${at}.md`, bytes, digest: '', mediaType: 'text/markdown' },
      ]),
    )
    const empty = emptyRelease(id)
    return { ...empty, release: { ...empty.release, artifacts } }
  }
  const loaded: string[] = []
  const { put, take } = shelf({
    ...{ limit: 8, room: 100 },
    load: async (id) => {
      loaded.push(id)
      return release(id, new Uint8Array(60))
    },
  })
  const shared = new Uint8Array(60)
  put(release('a', shared))
  put(release('b', shared, new Uint8Array(40)))
  await take('a')
  expect(loaded).toEqual([])
  put(release('c', new Uint8Array(1), shared))
  await take('a')
  await take('b')
  expect(loaded).toEqual(['b'])
  await take('c')
  put(release('d', new Uint8Array(1_000)))
  await take('d')
  expect(loaded).toEqual(['b', 'c'])
})
