import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readChannel } from '../../../build/publish/channel-state.ts'
import { openObjects } from '../../../build/publish/objects.ts'
import { pinChannel } from '../../../build/publish/steer.ts'
import { publish, readRelease } from '../../../build/publish.ts'
import { times } from '../../times.ts'
import { releaseOf } from './release-of.ts'
import { scratch } from './stores.ts'

const now = () => new Date(0)
const put = (store: string, ...words: string[]) =>
  publish({ store, release: releaseOf(...words), channel: 'dev', commit: null, now })

/** A generator that gives the same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** All that a store says, as far as it can be believed. */
async function told(store: string) {
  const { pointer, record, damage } = await readChannel(store, 'dev')
  const releases = await Promise.all(
    record.entries.map(({ release }) =>
      readRelease(store, release).then(
        ({ artifacts }) => [...artifacts.values()].map(({ name, bytes }) => `${name}: ${Buffer.from(bytes)}`),
        () => 'damaged',
      ),
    ),
  )
  const isDamaged = damage.length > 0 || releases.includes('damaged')
  return { pointer, pin: record.pin, entries: record.entries, releases, isDamaged }
}

const FLIPS = times(150, 400)

test('no flipped bit anywhere in a store is believed', { timeout: 120_000 }, async () => {
  const store = scratch()
  await put(store, 'shared', 'one')
  const first = await put(store, 'shared', 'two')
  await put(store, 'shared', 'three')
  await pinChannel({ store, channel: 'dev', release: first.release.id, from: null, now })
  const truth = await told(store)
  const files = readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => readFileSync(path).length > 0)
    .sort()
  const next = numbers(7)
  let noticed = 0
  for (let flip = 0; flip < FLIPS; flip += 1) {
    const path = files[flip % files.length] ?? ''
    const whole = readFileSync(path)
    const bytes = Buffer.from(whole)
    const at = next(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8))
    writeFileSync(path, bytes)
    const after = await told(store)
    if (after.isDamaged) noticed += 1
    else expect(after, `${path} at ${at}`).toEqual(truth)
    expect(after.pointer, `${path} at ${at}`).toEqual(truth.pointer)
    expect(after.pin?.release, `${path} at ${at}`).toBe(first.release.id)
    writeFileSync(path, whole)
  }
  expect(noticed).toBeGreaterThan(FLIPS / 2)
})

test.each(['pointer', 'record', 'both'])('a lost %s gives no serial twice', async (lost) => {
  const store = scratch()
  for (const word of ['one', 'two', 'three']) await put(store, word)
  const pointer = join(store, 'channels/dev.json')
  const record = join(store, 'history/dev.jsonl')
  if (lost !== 'record') writeFileSync(pointer, readFileSync(pointer).subarray(0, 40))
  if (lost === 'record') rmSync(record)
  // The last line is gone, the head is not.
  if (lost === 'both')
    writeFileSync(record, readFileSync(record, 'utf8').split('\n').slice(0, -2).join('\n').concat('\n'))
  const { pointer: next } = await put(store, 'four')
  expect(next.serial).toBe(4)
  const { damage, record: after } = await readChannel(store, 'dev')
  expect(damage).toEqual([])
  expect(after.serial).toBe(4)
})

test('a damaged object is written anew when its content is published again, whoever saw it whole before', async () => {
  const store = scratch()
  const seen = { store, channel: 'dev', commit: null, now, objects: openObjects(store) }
  const { release } = await publish({ ...seen, release: releaseOf('shared', 'one') })
  const path = join(store, 'objects', release.artifacts.get('agents-demo-t0.md')?.digest ?? '')
  writeFileSync(path, 'rot')
  await expect(readRelease(store, release.id)).rejects.toThrow(path)
  await publish({ ...seen, release: releaseOf('shared', 'two') })
  expect((await readRelease(store, release.id)).id).toBe(release.id)
})

test('a damaged encoding is made anew, and never sent', async () => {
  const store = scratch()
  const { release } = await put(store, 'shared')
  const name = 'agents-demo-t0.md'
  const path = join(store, 'objects', `${release.artifacts.get(name)?.digest}.br`)
  writeFileSync(path, readFileSync(path).fill(1, 3, 9))
  const read = await readRelease(store, release.id)
  expect(Buffer.from(read.encodings.get(name)?.br ?? [])).toEqual(
    Buffer.from(release.encodings.get(name)?.br ?? []),
  )
})
