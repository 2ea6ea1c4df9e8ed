import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readChannel } from '../../../build/publish/channel-state.ts'
import { newest } from '../../../build/publish/record.ts'
import { pinChannel, rescue, unpinChannel } from '../../../build/publish/steer.ts'
import { publish, readPointer } from '../../../build/publish.ts'
import { releaseOf } from './release-of.ts'
import { scratch } from './stores.ts'

const now = () => new Date(0)
const commit = (digit: number) => String(digit).repeat(40)
const put = (store: string, word: string, at: number) =>
  publish({ store, release: releaseOf(word), channel: 'main', commit: commit(at), now })
const idOf = (word: string) => releaseOf(word).id
const serving = async (store: string, channel = 'main') => {
  const { release, serial, commit: of } = (await readPointer(store, channel)) ?? {}
  return { release, serial, commit: of }
}

test('pinChannel() rolls back under a new serial, and what is published then is kept, not served', async () => {
  const store = scratch()
  await put(store, 'one', 1)
  await put(store, 'two', 2)
  await pinChannel({ store, channel: 'main', release: idOf('one'), from: null, now })
  const pinned = { release: idOf('one'), serial: 3, commit: commit(1) }
  expect(await serving(store)).toEqual(pinned)
  expect((await put(store, 'three', 3)).pointer.release).toBe(idOf('one'))
  await put(store, 'three', 3)
  expect(await serving(store)).toEqual(pinned)
  const { record } = await readChannel(store, 'main')
  expect(record.pin).toEqual({ release: idOf('one'), from: null, pinnedAt: '1970-01-01T00:00:00.000Z' })
  expect(newest(record)).toMatchObject({ release: idOf('three'), serial: 4 })
  await unpinChannel({ store, channel: 'main', now })
  expect(await serving(store)).toEqual({ release: idOf('three'), serial: 5, commit: commit(3) })
  await put(store, 'four', 4)
  expect(await serving(store)).toEqual({ release: idOf('four'), serial: 6, commit: commit(4) })
  const causes = (await readChannel(store, 'main')).record.entries.map(
    ({ cause, serial }) => `${serial} ${cause}`,
  )
  expect(causes).toEqual(['1 build', '2 build', '3 pin', '4 held', '5 unpin', '6 build'])
})

test('unpinChannel() leaves the serial alone where nothing was built meanwhile, and an unpinned channel too', async () => {
  const store = scratch()
  await put(store, 'one', 1)
  await pinChannel({ store, channel: 'main', release: idOf('one'), from: null, now })
  await unpinChannel({ store, channel: 'main', now })
  await unpinChannel({ store, channel: 'main', now })
  expect(await serving(store)).toEqual({ release: idOf('one'), serial: 1, commit: commit(1) })
  expect(await unpinChannel({ store, channel: 'none', now })).toBeUndefined()
})

test('pinChannel() promotes to a channel that had nothing, with the commit of where it comes from', async () => {
  const store = scratch()
  await put(store, 'one', 1)
  await pinChannel({ store, channel: 'stable', release: idOf('one'), from: 'main', now })
  expect(await serving(store, 'stable')).toEqual({ release: idOf('one'), serial: 1, commit: commit(1) })
  expect((await readChannel(store, 'stable')).record.pin?.from).toBe('main')
})

test('pinChannel() refuses what the store does not hold whole', async () => {
  const store = scratch()
  const { release } = await put(store, 'one', 1)
  const pin = (id: string, channel = 'main') => pinChannel({ store, channel, release: id, from: null, now })
  await expect(pin(idOf('two'))).rejects.toThrow('Cannot find the release')
  await expect(pin('../x')).rejects.toThrow('expected 64 hex digits')
  await expect(pin(idOf('one'), '../x')).rejects.toThrow()
  rmSync(join(store, 'objects', [...release.artifacts.values()][0]?.digest ?? ''))
  await expect(pin(idOf('one'))).rejects.toThrow('ENOENT')
  expect((await readChannel(store, 'main')).record.pin).toBeNull()
})

test('rescue() answers the last whole release under a serial of its own, and forgets it when all is well again', async () => {
  const store = scratch()
  const options = { store, channel: 'main', now, accepts: () => true }
  for (const [at, word] of ['one', 'two', 'three', 'four'].entries()) await put(store, word, at)
  const spoil = (word: string) => writeFileSync(join(store, 'releases', `${idOf(word)}.json`), 'rot')
  spoil('four')
  spoil('three')
  const { pointer, release } = (await rescue(options)) ?? {}
  expect(release?.id).toBe(idOf('two'))
  expect(pointer).toMatchObject({ release: idOf('two'), serial: 5, commit: commit(1) })
  expect(await readPointer(store, 'main')).toEqual(pointer)
  expect((await rescue(options))?.pointer).toEqual(pointer)
  await put(store, 'four', 3)
  expect(await serving(store)).toEqual({ release: idOf('four'), serial: 6, commit: commit(3) })
  expect(
    (await rescue({ ...options, accepts: ({ release: id }) => id === idOf('one') }))?.pointer.serial,
  ).toBe(7)
  for (const word of ['one', 'two', 'four']) spoil(word)
  expect(await rescue(options)).toBeUndefined()
})
