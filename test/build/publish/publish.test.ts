import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CorruptReleaseError, publish, readPointer, readRelease } from '../../../build/publish.ts'
import type { Release } from '../../../build/release.ts'
import { releaseOf as releaseOfWords } from './release-of.ts'

let store: string
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'mill-store-'))
})
afterEach(() => rm(store, { recursive: true }))

/** Two prompts, one of them always the same, and what no encoding makes smaller. */
const releaseOf = (word: string) => releaseOfWords('shared', word)
const put = async (release: Release, commit: string | null = null, at = 0) =>
  (await publish({ store, release, channel: 'dev', commit, now: () => new Date(at) })).pointer

const objectOf = ({ artifacts }: Release, name: string) =>
  join(store, 'objects', artifacts.get(name)?.digest ?? '')

/** Path of every file → what changes when it is written. */
async function filesIn(dir: string): Promise<ReadonlyMap<string, string>> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  const stamps = files.map(async (path) => {
    const { ino, mtimeMs } = await stat(path)
    return [relative(dir, path), `${ino} ${mtimeMs}`] as const
  })
  return new Map(await Promise.all(stamps))
}

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
    expect(encodings.get('agents-demo-t1.md')?.br?.length).toBeLessThan(
      release.artifacts.get('agents-demo-t1.md')?.bytes.length ?? 0,
    )
  })

  test('hands back the very encodings that the store holds, made or found', async () => {
    const options = { store, release: releaseOf('one'), channel: 'dev', commit: null, now: () => new Date() }
    const made = (await publish(options)).release.encodings
    const found = (await publish({ ...options, channel: 'main' })).release.encodings
    const plain = (encodings: typeof made) =>
      [...encodings].map(([name, { br, gzip }]) => [name, br && Buffer.from(br), gzip && Buffer.from(gzip)])
    expect(plain(made).sort()).toEqual(plain(found).sort())
    expect(plain((await readRelease(store, options.release.id)).encodings).sort()).toEqual(plain(made).sort())
    expect(made.get('agents-demo-t1.md')?.br).toBeDefined()
  })

  test('writes the objects that are new, the index, the record and the pointer, and nothing else', async () => {
    await put(releaseOf('one'))
    const before = await filesIn(store)
    await put(releaseOf('two'))
    const after = await filesIn(store)
    const written = [...after].filter(([path, stamp]) => before.get(path) !== stamp).map(([path]) => path)
    const kinds = written.map((path) => path.replace(/[0-9a-f]{64}/, '*')).sort()
    expect(kinds).toEqual([
      'channels/dev.json',
      'history/dev.jsonl',
      ...['objects/*', 'objects/*.br', 'objects/*.gz'],
      'releases/*.json',
    ])
    await put(releaseOf('two'))
    expect(await filesIn(store)).toEqual(after)
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
    const PUBLISHED = '1970-01-01T00:00:00.000Z'
    expect((await put(one, commit, 5000)).publishedAt).toBe(PUBLISHED)
    // Neither another commit nor another compiler publishes once more what is published.
    const moved = { commit: 'b'.repeat(40), serial: 3, publishedAt: PUBLISHED }
    expect(await put(one, moved.commit, 6000)).toMatchObject(moved)
    const now = () => new Date(7000)
    const origin = { compiler: 'newer' }
    await publish({ store, release: one, channel: 'dev', commit: moved.commit, now, origin })
    expect(await readPointer(store, 'dev')).toMatchObject(moved)
  })

  test('counts every one of many publications at once', async () => {
    const releases = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(releaseOf)
    await Promise.all(releases.map((release) => put(release)))
    expect((await readPointer(store, 'dev'))?.serial).toBe(8)
    const names = releases.map(({ id }) => `${id}.json`)
    expect((await readdir(join(store, 'releases'))).sort()).toEqual(names.sort())
  })

  test('writes a release anew that the store no longer holds whole', async () => {
    const release = releaseOf('one')
    await put(release)
    await writeFile(objectOf(release, 'agents-demo-t1.md'), 'rot')
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
    for (const id of ['../../../etc', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`]) {
      await expect(readRelease(store, id)).rejects.toThrow(CorruptReleaseError)
    }
    expect(await readdir(store)).toEqual([])
  })
})

describe('readRelease()', () => {
  test('notices one flipped bit in any file of a release', async () => {
    const release = releaseOf('one')
    await put(release)
    const paths = [join(store, 'releases', `${release.id}.json`)]
    for (const { digest } of release.artifacts.values()) paths.push(join(store, 'objects', digest))
    expect(paths).toHaveLength(3)
    for (const path of paths) {
      const bytes = await readFile(path)
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        await writeFile(path, flipped(bytes, at))
        const read = await readRelease(store, release.id).catch((error) => error)
        expect(read, `${path}@${at}`).toBeInstanceOf(CorruptReleaseError)
      }
      await writeFile(path, bytes)
    }
    expect((await readRelease(store, release.id)).id).toBe(release.id)
  })

  test('says which file is missing', async () => {
    const release = releaseOf('one')
    await put(release)
    await rm(objectOf(release, 'agents-demo-t0.md'))
    await expect(readRelease(store, release.id)).rejects.toThrow('agents-demo-t0.md')
    await expect(readRelease(store, 'f'.repeat(64))).rejects.toThrow(CorruptReleaseError)
  })
})
