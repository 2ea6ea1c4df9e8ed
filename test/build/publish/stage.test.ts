import { existsSync, statSync } from 'node:fs'
import { mkdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { layoutOf } from '../../../build/publish/layout.ts'
import { openObjects } from '../../../build/publish/objects.ts'
import { publish, readPointer, stage } from '../../../build/publish.ts'
import { releaseOf } from './release-of.ts'
import { scratch, served } from './stores.ts'

const publishing = { channel: 'dev', commit: null, now: () => new Date(0) }

test('stage() puts all of a release on disk and lets nothing point at it; publish() writes none of it again', async () => {
  const store = scratch()
  const release = releaseOf('one', 'two')
  await stage({ store, release })
  const layout = layoutOf(store)
  const paths = [
    layout.release(release.id),
    ...[...release.artifacts.values()].map(({ digest }) => layout.object(digest)),
  ]
  const inodes = () => paths.map((path) => statSync(path).ino)
  const staged = inodes()
  expect(await readPointer(store, 'dev')).toBeUndefined()
  await publish({ ...publishing, store, release })
  expect(inodes()).toEqual(staged)
  expect(await served(store, 'dev')).toEqual({ serial: 1, release: release.id })
})

test('publish() writes anew what was staged and is gone or damaged since', async () => {
  const store = scratch()
  const objects = openObjects(store)
  const release = releaseOf('one', 'two')
  await stage({ store, release, objects })
  const [first, second] = [...release.artifacts.values()].map(({ digest }) => layoutOf(store).object(digest))
  await rm(first ?? '')
  await truncate(second ?? '', 3)
  await rm(layoutOf(store).release(release.id))
  await publish({ ...publishing, store, release, objects })
  expect(await served(store, 'dev')).toEqual({ serial: 1, release: release.id })
})

test('stage() sweeps what an interrupted writer has left, and keeps what it stages', async () => {
  const store = scratch()
  await publish({ ...publishing, store, release: releaseOf('old') })
  const orphan = releaseOf('orphan')
  await stage({ store, release: orphan })
  await mkdir(join(layoutOf(store).drafts, 'now'))
  const release = releaseOf('new')
  await stage({ store, release })
  expect(existsSync(layoutOf(store).release(orphan.id))).toBe(false)
  expect(existsSync(layoutOf(store).release(release.id))).toBe(true)
})
