import { mkdir, mkdtemp, realpath, rm, rmdir, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { placeInside } from '../../../../client/tools/files/inside.ts'

let app = ''
beforeEach(async () => {
  app = await realpath(await mkdtemp(join(tmpdir(), 'inside-')))
})
afterEach(() => rm(app, { recursive: true, force: true }))

test('placeInside() finds a place while another agent makes its folder', async () => {
  const folder = join(app, 'markers')
  let going = true
  const other = (async () => {
    while (going) {
      await mkdir(folder)
      await rmdir(folder)
    }
  })()
  try {
    for (let looks = 0; looks < 1500; looks += 1) {
      const place = await placeInside(app, 'markers/t1.txt')
      expect(place.path).toBe(join(folder, 't1.txt'))
    }
  } finally {
    going = false
    await other
  }
})

test('placeInside() refuses a link that leads nowhere, since a write would create its target', async () => {
  await symlink('/nowhere/at-all', join(app, 'link'))
  await expect(placeInside(app, 'link')).rejects.toThrow('cannot be resolved')
  await expect(placeInside(app, 'link/a.txt')).rejects.toThrow('cannot be resolved')
})
