import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { channelsIn, readChannel } from '../../../build/publish/channel-state.ts'
import { withDraft } from '../../../build/publish/draft.ts'
import { LockError, withLock } from '../../../build/publish/lock.ts'
import { pinChannel } from '../../../build/publish/steer.ts'
import { sweepEnded, sweepStore } from '../../../build/publish/sweep-store.ts'
import { publish, readRelease } from '../../../build/publish.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { releaseOf } from './release-of.ts'
import { scratch } from './stores.ts'

const KEEP = 3
const now = () => new Date(0)
const put = (store: string, channel: string, word: string) =>
  publish({ store, release: releaseOf('shared', word), channel, commit: null, now, keep: KEEP })
const plain = (store: string) => readdirSync(join(store, 'objects')).filter((name) => !name.includes('.'))

test('a store holds at most twice what its channels keep, however much is published', async () => {
  const store = scratch()
  await put(store, 'main', 'first')
  await put(store, 'main', 'pinned')
  await pinChannel({ store, channel: 'main', release: releaseOf('shared', 'first').id, from: null, now })
  for (let at = 0; at < 25; at += 1) {
    await put(store, 'main', `main ${at}`)
    await put(store, 'dev', `dev ${at}`)
    expect(readdirSync(join(store, 'releases')).length).toBeLessThanOrEqual(4 * KEEP + 2)
    expect(plain(store).length).toBeLessThanOrEqual(4 * KEEP + 3)
  }
  for (const channel of await channelsIn(store)) {
    const { pointer, record } = await readChannel(store, channel)
    for (const id of [pointer?.release, ...record.entries.map(({ release }) => release)]) {
      expect((await readRelease(store, id ?? '')).id).toBe(id)
    }
  }
  expect((await readChannel(store, 'main')).pointer?.release).toBe(releaseOf('shared', 'first').id)
  expect((await readChannel(store, 'main')).record.serial).toBe(28)
})

test('sweepStore() takes what an interrupted publication left, and nothing that is of a release', async () => {
  const store = scratch()
  const { release } = await put(store, 'dev', 'one')
  const orphan = digestOf('orphan')
  for (const name of [orphan, `${orphan}.br`, 'note']) writeFileSync(join(store, 'objects', name), 'x')
  writeFileSync(join(store, 'releases', `${orphan}.json`), '{}')
  await sweepStore(store, KEEP)
  expect(plain(store)).toContain(orphan)
  mkdirSync(join(store, 'drafts', 'now'))
  writeFileSync(join(store, 'drafts', 'now', '1'), 'half')
  await sweepStore(store, KEEP)
  expect(readdirSync(join(store, 'drafts'))).toEqual([])
  expect(readdirSync(join(store, 'releases'))).toEqual([`${release.id}.json`])
  expect(plain(store).sort()).toEqual([...release.artifacts.values()].map(({ digest }) => digest).sort())
  expect((await readRelease(store, release.id)).id).toBe(release.id)
})

test('sweepEnded() leaves channels with what they answer once they have more to themselves than one keeps', async () => {
  const store = scratch()
  for (const channel of ['gone', 'gone-too', 'main'])
    for (const at of [0, 1, 2]) await put(store, channel, `${channel} ${at}`)
  const held = releaseOf('shared', 'gone 0').id
  await pinChannel({ store, channel: 'gone', release: held, from: null, now })
  const known = async (channel: string) => {
    const { record } = await readChannel(store, channel)
    return new Set(record.entries.map(({ release }) => release))
  }
  await sweepEnded(store, ['gone-too'], KEEP)
  expect((await known('gone-too')).size).toBe(3)
  await sweepEnded(store, ['gone', 'gone-too'], KEEP)
  expect(await known('gone-too')).toEqual(new Set([releaseOf('shared', 'gone-too 2').id]))
  expect(await known('gone')).toEqual(new Set([held, releaseOf('shared', 'gone 2').id]))
  expect((await known('main')).size).toBe(3)
  expect(readdirSync(join(store, 'releases')).length).toBe(6)
  expect((await readChannel(store, 'gone-too')).record.serial).toBe(3)
})

test('publish() sweeps when the publication before it was interrupted', async () => {
  const store = scratch()
  await put(store, 'dev', 'one')
  const orphan = digestOf('orphan')
  writeFileSync(join(store, 'objects', orphan), 'x')
  await put(store, 'dev', 'two')
  expect(plain(store)).toContain(orphan)
  mkdirSync(join(store, 'drafts', 'now'))
  await put(store, 'dev', 'three')
  expect(plain(store)).not.toContain(orphan)
})

test('sweepStore() leaves a store alone that somebody is writing to', async () => {
  const store = scratch()
  await put(store, 'dev', 'one')
  await withLock(store, (layout) =>
    withDraft(layout, async (draft) => {
      const path = join(store, 'objects', digestOf('new'))
      await draft.put(path, 'new')
      // In this process it would wait for its turn; another process finds the lock taken.
      await expect(otherProcess(store)).resolves.toBe('nothing done')
      expect(plain(store)).toContain(digestOf('new'))
    }),
  )
})

async function otherProcess(store: string): Promise<string> {
  const url = (path: string) =>
    JSON.stringify(new URL(`../../../build/publish/${path}`, import.meta.url).href)
  const code = `import { sweepEnded, sweepStore } from ${url('sweep-store.ts')}
await sweepStore(process.argv[1], 1)
console.log('nothing done')`
  const args = ['--input-type=module', '-e', code, store]
  return (await promisify(execFile)(process.execPath, args)).stdout.trim()
}

test('withLock() gives up on a store that stays locked, and never runs two at once', async () => {
  const store = scratch()
  let running = 0
  const work = async () => {
    running += 1
    expect(running).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running -= 1
  }
  await Promise.all(Array.from({ length: 20 }, () => withLock(store, work)))
  writeFileSync(join(store, 'lock'), 'not a database, but long enough to be taken for one'.repeat(40))
  await expect(withLock(store, work)).rejects.toThrow(LockError)
  await expect(put(store, 'dev', 'one')).rejects.toThrow('expected')
})
