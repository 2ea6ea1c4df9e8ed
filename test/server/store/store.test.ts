import { execFile } from 'node:child_process'
import { chmodSync, chownSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { pinChannel, unpinChannel } from '../../../build/publish/steer.ts'
import { openStore, type Store } from '../../../server/store/store.ts'
import { releaseOf } from '../../build/publish/release-of.ts'
import { scratch } from '../scratch.ts'

const SOURCE = { channel: 'dev', commit: null, ceiling: null }
const DAY = 86_400_000
const START = Date.parse('2026-06-01T00:00:00Z')

async function opened(dir: string, options: { content?: string; now?: () => Date; keep?: number } = {}) {
  const told: string[] = []
  const store = await openStore({
    ...{ dir, content: '/content', docsFrom: null, now: () => new Date(START) },
    ...{ onDamage: (sentence) => void told.push(sentence), ...options },
  })
  return { store, told }
}

const put = (store: Store, word: string, ceiling: string | null = null) =>
  store.publish(releaseOf('shared', word), { ...SOURCE, ceiling })
const idOf = (word: string) => releaseOf('shared', word).id
const spoil = (dir: string, word: string) => writeFileSync(join(dir, 'releases', `${idOf(word)}.json`), 'rot')

test('lastGood() answers for a damaged release with the last good one, and tells it', async () => {
  const dir = scratch()
  const { store } = await opened(dir)
  for (const word of ['one', 'two', 'three']) await put(store, word)
  spoil(dir, 'three')
  const { store: again, told } = await opened(dir)
  const last = await again.lastGood('dev')
  expect(last?.release.id).toBe(idOf('two'))
  expect(last?.pointer).toMatchObject({ serial: 4, release: idOf('two') })
  expect(last?.findings).toMatchObject([{ code: 'store/damaged', severity: 'error' }])
  expect(told.join('\n')).toContain(`answers with ${idOf('two')}, the last good one`)
  expect(await again.builtFrom(SOURCE)).toBeUndefined()
  expect((await put(again, 'three')).pointer.serial).toBe(5)
  const healed = await (await opened(dir)).store.lastGood('dev')
  expect(healed).toMatchObject({ pointer: { serial: 5, release: idOf('three') } })
  expect(healed?.findings).toBeUndefined()
})

test('steered() tells what a person says, and nothing that a server of other content publishes', async () => {
  const dir = scratch()
  const { store } = await opened(dir)
  const { store: other } = await opened(dir, { content: '/other' })
  await put(store, 'one')
  expect((await store.steered('dev'))?.pointer.release).toBe(idOf('one'))
  await put(other, 'two')
  expect(await store.steered('dev')).toBeUndefined()
  expect((await other.steered('dev'))?.pointer.release).toBe(idOf('two'))
  const now = () => new Date(START)
  await pinChannel({ store: dir, channel: 'dev', now, release: idOf('two'), from: null })
  expect((await store.steered('dev'))?.pointer.release).toBe(idOf('two'))
})

test('lastGood() falls back to nothing that was built elsewhere, or under another ceiling', async () => {
  const dir = scratch()
  const { store } = await opened(dir)
  await put((await opened(dir, { content: '/other' })).store, 'one')
  await put(store, 'two', '["Read"]')
  await put(store, 'three')
  spoil(dir, 'three')
  expect(await (await opened(dir)).store.lastGood('dev')).toBeUndefined()
  await put(store, 'four')
  await put(store, 'five')
  spoil(dir, 'five')
  expect((await (await opened(dir)).store.lastGood('dev'))?.release.id).toBe(idOf('four'))
})

test('load() answers from memory what it has, and nothing that is damaged or was never there', async () => {
  const dir = scratch()
  const { store, told } = await opened(dir, { keep: 1 })
  await put(store, 'one')
  const served = await store.lastGood('dev')
  for (const word of ['two', 'three', 'four']) await put(store, word)
  expect(await store.load(idOf('one'))).toBeUndefined()
  expect(
    served?.release.file('agents-demo-t1.md', 'http://localhost')?.artifact.bytes.length,
  ).toBeGreaterThan(10)
  expect(told).toEqual([])
  spoil(dir, 'four')
  expect(await store.load(idOf('four'))).toBeUndefined()
  expect(told).toEqual([`Cannot use the release ${idOf('four')}: its index has another digest`])
  expect((await store.history('dev')).map(({ serial }) => serial)[0]).toBe(4)
})

test('publish() lets releases share what is equal in memory too, and answers the pinned one of a pinned channel', async () => {
  const dir = scratch()
  const { store } = await opened(dir)
  const now = () => new Date(START)
  const one = await put(store, 'one')
  const two = await put(store, 'two')
  const shared = ({ release }: typeof one) => release.release.artifacts.get('agents-demo-t0.md')
  expect(shared(one)).toBe(shared(two))
  await pinChannel({ store: dir, channel: 'dev', release: idOf('one'), from: null, now })
  const three = await put(store, 'three')
  expect(three.release.id).toBe(idOf('one'))
  expect(three).toMatchObject({
    pin: { release: idOf('one') },
    newest: { release: idOf('three'), serial: 4 },
  })
  expect((await store.builtFrom(SOURCE))?.release.id).toBe(idOf('one'))
  await unpinChannel({ store: dir, channel: 'dev', now })
  expect(await store.lastGood('dev')).toMatchObject({ pointer: { release: idOf('three'), serial: 5 } })
})

test('a clock that jumps back a day or forward five years changes no order and loses nothing', async () => {
  const dir = scratch()
  let at = START
  const { store } = await opened(dir, { now: () => new Date(at), keep: 2 })
  const serials = []
  for (const [step, word] of ['one', 'two', 'three', 'four', 'five', 'six'].entries()) {
    at += step % 2 === 0 ? -DAY : 5 * 365 * DAY
    serials.push((await put(store, word)).pointer.serial)
  }
  expect(serials).toEqual([1, 2, 3, 4, 5, 6])
  at = START - 365 * DAY
  const last = await (await opened(dir, { now: () => new Date(at), keep: 2 })).store.lastGood('dev')
  expect(last?.pointer).toMatchObject({ serial: 6, release: idOf('six') })
})

const READER = `import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../../server/store/store.ts'))}
import { releaseOf } from ${JSON.stringify(join(import.meta.dirname, '../../build/publish/release-of.ts'))}
const store = await openStore({ dir: process.argv[1], content: '/content', docsFrom: null, now: () => new Date() })
// Root may write everywhere; whoever it becomes need not be able to read this checkout, which is read by then.
if (process.getuid() === 0) {
  process.setgroups([])
  process.setgid(65_534)
  process.setuid(65_534)
}
const told = await store.publish(releaseOf('new'), { channel: 'dev', commit: null, ceiling: null }).catch(({ code }) => code)
console.log(JSON.stringify([told, (await store.lastGood('dev')).pointer.serial, (await store.lastGood('dev')).release.id]))`

test('a store that cannot be written says so, and still answers', async () => {
  const dir = scratch()
  const { store } = await opened(dir)
  await put(store, 'one')
  await put(store, 'two')
  const isRoot = process.getuid?.() === 0
  for (const name of ['', ...readdirSync(dir)]) {
    chmodSync(join(dir, name), name === 'lock' ? 0o444 : 0o555)
    if (isRoot) chownSync(join(dir, name), 65_534, 65_534)
  }
  const read = async () => {
    const args = ['--input-type=module', '-e', READER, dir]
    return JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: '/' })).stdout)
  }
  try {
    expect(await read()).toEqual(['EACCES', 2, idOf('two')])
    spoil(dir, 'two')
    expect(await read()).toEqual(['EACCES', 1, idOf('one')])
  } finally {
    for (const name of ['', ...readdirSync(dir)]) chmodSync(join(dir, name), 0o755)
    rmSync(dir, { recursive: true })
  }
})
