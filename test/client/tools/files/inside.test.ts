import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
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
  for (let round = 0; round < 600; round += 1) {
    const folder = join(app, `round-${round}`)
    const looks = Array.from({ length: 3 }, () => placeInside(app, `round-${round}/t1.txt`))
    for (let turns = round % 6; turns > 0; turns -= 1) await new Promise(setImmediate)
    const [, ...places] = await Promise.all([mkdir(folder), ...looks])
    for (const { path } of places) expect(path).toBe(join(folder, 't1.txt'))
  }
})

test('placeInside() refuses a link that leads nowhere, since a write would create its target', async () => {
  await symlink('/nowhere/at-all', join(app, 'link'))
  await expect(placeInside(app, 'link')).rejects.toThrow('cannot be resolved')
  await expect(placeInside(app, 'link/a.txt')).rejects.toThrow('cannot be resolved')
})
