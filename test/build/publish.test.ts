import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import { CorruptReleaseError, publish, readPointer, readRelease } from '../../build/publish.ts'
import type { Release } from '../../build/release.ts'
import { digestOf } from '../../schemas/digest.ts'
import { SOUND, TASK, treeOf } from './trees.ts'

let store: string
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'mill-store-'))
})
afterEach(() => rm(store, { recursive: true }))

function releaseOf(word: string): Release {
  const task = TASK.replace('Do it.', `Do it: ${word}. ${'And some more words. '.repeat(50)}`)
  const { release } = build(treeOf({ ...SOUND, 'agents/demo/task.md': task }))
  if (release === undefined) throw new Error('the tree is not sound')
  return release
}
const put = async (release: Release, commit: string | null = null, at = 0) =>
  (await publish({ store, release, channel: 'dev', commit, now: () => new Date(at) })).pointer

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 4
  return copy
}

describe('publish()', () => {
  test('stores a release that reads back the same, with encodings that decode to it', async () => {
    const release = releaseOf('one')
    const pointer = await put(release)
    expect(pointer).toEqual({
      channel: 'dev',
      release: release.id,
      serial: 1,
      commit: null,
      publishedAt: '1970-01-01T00:00:00.000Z',
    })
    expect(await readPointer(store, 'dev')).toEqual(pointer)
    const { encodings, ...stored } = await readRelease(store, release.id)
    const plain = (artifacts: Release['artifacts']) =>
      [...artifacts.values()]
        .map((artifact) => ({ ...artifact, bytes: Buffer.from(artifact.bytes) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    expect({ ...stored, artifacts: plain(stored.artifacts) }).toEqual({
      ...release,
      artifacts: plain(release.artifacts),
    })
    expect(encodings.get('agents-demo-task.md')?.br?.length).toBeLessThan(
      release.artifacts.get('agents-demo-task.md')?.bytes.length ?? 0,
    )
    expect(encodings.get('plain.zip')).toEqual({})
  })

  test('hands back the very encodings that the store holds, made or found', async () => {
    const options = { store, release: releaseOf('one'), channel: 'dev', commit: null, now: () => new Date() }
    const made = (await publish(options)).release.encodings
    const found = (await publish({ ...options, channel: 'main' })).release.encodings
    const plain = (encodings: typeof made) =>
      [...encodings].map(([name, { br, gzip }]) => [name, br && Buffer.from(br), gzip && Buffer.from(gzip)])
    expect(plain(made).sort()).toEqual(plain(found).sort())
    expect(plain((await readRelease(store, options.release.id)).encodings).sort()).toEqual(plain(made).sort())
    expect(made.get('agents-demo-task.md')?.br).toBeDefined()
  })

  test('writes and encodes nothing twice that the release before has, unless it is damaged there', async () => {
    const options = { store, channel: 'dev', commit: null, now: () => new Date() }
    const previous = (await publish({ ...options, release: releaseOf('one') })).release
    const places = (id: string) =>
      ['agents-demo-seed.md', 'plain.zip', 'agents-demo-task.md'].map((name) =>
        join(store, 'releases', id, 'files', name),
      )
    const [seed = '', plain = ''] = places(previous.id)
    await writeFile(plain, 'rot')
    const { release } = await publish({ ...options, release: releaseOf('two'), previous })
    const inodes = async (id: string) => Promise.all(places(id).map(async (path) => (await stat(path)).ino))
    const [before, after] = [await inodes(previous.id), await inodes(release.id)]
    expect(after.map((inode, at) => inode === before[at])).toEqual([true, false, false])
    expect((await readRelease(store, release.id)).id).toBe(release.id)
    const name = 'agents-demo-seed.md'
    expect(release.encodings.get(name)).toBe(previous.encodings.get(name))
    await rm(seed)
    expect((await readRelease(store, release.id)).id).toBe(release.id)
  })

  test('raises the serial when the release changes, and only then', async () => {
    const [one, two] = [releaseOf('one'), releaseOf('two')]
    const commit = 'a'.repeat(40)
    const serials = []
    for (const [release, of] of [
      [one, null],
      [one, null],
      [one, commit],
      [two, commit],
      [one, commit],
    ] as const) {
      serials.push((await put(release, of)).serial)
    }
    expect(serials).toEqual([1, 1, 1, 2, 3])
    expect((await readPointer(store, 'dev'))?.commit).toBe(commit)
    const again = await put(one, commit, 5000)
    expect(again.publishedAt).toBe('1970-01-01T00:00:00.000Z')
  })

  test('counts every one of many publications at once', async () => {
    const releases = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(releaseOf)
    await Promise.all(releases.map((release) => put(release)))
    expect((await readPointer(store, 'dev'))?.serial).toBe(8)
    expect((await readdir(join(store, 'releases'))).sort()).toEqual(releases.map(({ id }) => id).sort())
  })

  test('writes a release anew that the store no longer holds whole', async () => {
    const release = releaseOf('one')
    await put(release)
    await writeFile(join(store, 'releases', release.id, 'files', 'plain.zip'), 'rot')
    await expect(readRelease(store, release.id)).rejects.toThrow(CorruptReleaseError)
    await put(release)
    expect((await readRelease(store, release.id)).id).toBe(release.id)
  })

  test('keeps hostile names off the disk', async () => {
    const release = releaseOf('one')
    for (const channel of ['../x', 'a/b', '', 'A', '..']) {
      await expect(
        publish({ store, release, channel, commit: null, now: () => new Date() }),
      ).rejects.toThrow()
    }
    for (const id of ['../../etc', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`]) {
      await expect(readRelease(store, id)).rejects.toThrow(CorruptReleaseError)
    }
    expect(await readdir(store)).toEqual([])
  })
})

describe('readRelease()', () => {
  test('notices one flipped bit in any file of a release', async () => {
    const release = releaseOf('one')
    await put(release)
    const dir = join(store, 'releases', release.id)
    const files = await readdir(dir, { recursive: true, withFileTypes: true })
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    expect(paths.length).toBeGreaterThan(8)
    for (const path of paths) {
      const bytes = await readFile(path)
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        await writeFile(path, flipped(bytes, at))
        const read = await readRelease(store, release.id).catch((error) => error)
        // A bit of an encoding that no decoder looks at changes nothing that is served.
        if (!path.includes('/encoded/')) expect(read, `${path}@${at}`).toBeInstanceOf(CorruptReleaseError)
      }
      await writeFile(path, bytes)
    }
    expect((await readRelease(store, release.id)).id).toBe(release.id)
  })

  test('says which file is missing', async () => {
    const release = releaseOf('one')
    await put(release)
    await rm(join(store, 'releases', release.id, 'files', 'agents-demo.json'))
    await expect(readRelease(store, release.id)).rejects.toThrow('agents-demo.json')
    await expect(readRelease(store, 'f'.repeat(64))).rejects.toThrow(CorruptReleaseError)
  })
})

const KILLS = 20

test(`publish() survives ${KILLS} kills: what was acknowledged is there, and what is there is whole`, async () => {
  let acknowledged = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./publish-loop.ts', import.meta.url)), store],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    await once(child.stdout, 'data')
    setTimeout(() => child.kill('SIGKILL'), (kill * 7) % 60)
    await once(child, 'close')
    const lines = said.split('\n').slice(0, -1)
    acknowledged = Math.max(acknowledged, Number(lines.at(-1)?.split(' ')[0]))
    const pointer = await readPointer(store, 'dev')
    expect(pointer?.serial).toBeGreaterThanOrEqual(acknowledged)
    const release = await readRelease(store, pointer?.release ?? '')
    for (const { bytes, digest } of release.artifacts.values()) expect(digestOf(bytes)).toBe(digest)
  }
  expect(acknowledged).toBeGreaterThan(KILLS)
  await put(releaseOf('last'))
  expect((await readdir(join(store, 'releases'))).filter((name) => name.startsWith('.'))).toEqual([])
}, 120_000)

test('publish() sweeps what dead writers left, and leaves the living alone', async () => {
  const releases = join(store, 'releases')
  const id = '00000000-0000-4000-8000-000000000000'
  const dead = [`.mill-${2 ** 22 - 3}-${id}`, `.mill-${process.pid}-${id}`]
  const kept = [`.mill-${process.ppid}-${id}`, '.mill-note', 'mine']
  for (const name of [...dead, ...kept]) await mkdir(join(releases, name), { recursive: true })
  const release = releaseOf('one')
  await put(release)
  expect((await readdir(releases)).sort()).toEqual([...kept, release.id].sort())
})
