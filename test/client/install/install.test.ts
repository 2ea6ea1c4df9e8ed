import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { install, installer } from '../../../client/install/install.ts'
import { installRoom } from './install-room.ts'

const place = installRoom()

async function contentOf(folder: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const plain = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(plain.sort().map(async (path) => [path, await readFile(path, 'utf8')] as const))
}

const files = new Map([
  ['SKILL.md', Buffer.from('\uFEFF# Ein Skill 👨‍👩‍👧 ❤️\n')],
  ['references/a.md', Buffer.from('میخواهم')],
  ['assets/x.bin', Buffer.from([0, 0xc2, 0xad, 0xff])],
])

test('install() writes a skill whole, and no file may be executed', async () => {
  const installed = await install('x-nextjs', files, place)
  expect(installed).toEqual({
    id: 'x-nextjs',
    folder: '.mill/skills/x-nextjs',
    files: ['SKILL.md', 'assets/x.bin', 'references/a.md'],
  })
  for (const path of installed.files) {
    const file = join(place.app, installed.folder, path)
    expect(await readFile(file)).toEqual(files.get(path))
    expect((await stat(file)).mode & 0o111).toBe(0)
  }
  expect(await readdir(place.skillsFolder)).toEqual(['x-nextjs'])
})

test('install() leaves what is the same, and overwrites no edit of a person', async () => {
  await install('x', files, place)
  const target = join(place.skillsFolder, 'x')
  const first = (await stat(target)).ino
  await install('x', files, place)
  expect((await stat(target)).ino).toBe(first)
  const edits: readonly (() => Promise<unknown>)[] = [
    () => writeFile(join(target, 'notes.md'), 'mine'),
    () => writeFile(join(target, 'SKILL.md'), 'edited'),
    () => rm(join(target, 'references'), { recursive: true }),
    () => symlink('SKILL.md', join(target, 'more.md')),
  ]
  for (const edit of edits) {
    await edit()
    const before = await contentOf(target)
    await expect(install('x', files, place)).rejects.toMatchObject({
      code: 'install/edited',
      message: expect.stringContaining(`delete "${target}" to have it anew`),
    })
    expect(await contentOf(target)).toEqual(before)
    expect(await readdir(place.skillsFolder)).toEqual(['x'])
    // Deleting it is the consent.
    await rm(target, { recursive: true })
    await install('x', files, place)
    expect((await readdir(target)).sort()).toEqual(['SKILL.md', 'assets', 'references'])
  }
})

test('install() refuses a target that is a link or lies below one, and writes nothing through it', async () => {
  const outside = join(place.room, 'outside')
  await mkdir(join(outside, 'skills'), { recursive: true })
  const refuse = async () => {
    await expect(install('x', files, place)).rejects.toMatchObject({
      code: 'install/linked-target',
    })
    expect(await readdir(outside, { recursive: true })).toEqual(['skills'])
  }
  await symlink(outside, join(place.app, '.mill'))
  await refuse()
  await rm(join(place.app, '.mill'))
  await mkdir(place.skillsFolder, { recursive: true })
  await symlink(join(outside, 'skills'), join(place.skillsFolder, 'x'))
  await refuse()
  await rm(join(place.skillsFolder, 'x'))
  await symlink(join(place.room, 'dangling'), join(place.skillsFolder, 'x'))
  await refuse()
  await rm(join(place.skillsFolder, 'x'))
  await writeFile(join(place.skillsFolder, 'x'), 'a file')
  await refuse()
})

test('install() refuses an id or a folder that leads outside', async () => {
  for (const id of ['../x', 'a/b', '..', '', 'con', 'a\0']) {
    await expect(install(id, files, place)).rejects.toMatchObject({ code: 'install/outside' })
  }
  const elsewhere = { app: place.app, skillsFolder: join(place.room, 'skills') }
  await expect(install('x', files, elsewhere)).rejects.toMatchObject({ code: 'install/outside' })
  expect(await readdir(place.room)).toEqual(['app'])
})

test('installer() asks once for a skill that is wanted many times at once', async () => {
  const one = installer(place)
  let asked = 0
  const get = async () => {
    asked += 1
    return files
  }
  const all = await Promise.all(Array.from({ length: 20 }, () => one('x', get)))
  expect(asked).toBe(1)
  expect(new Set(all).size).toBe(1)
})

test('installer() asks again for a skill that could not be had', async () => {
  const one = installer(place)
  await expect(one('x', () => Promise.reject(new Error('no route')))).rejects.toThrow('no route')
  expect((await one('x', async () => files)).id).toBe('x')
})

test('installer() takes away what a killed installation has left, and nothing else', async () => {
  for (const name of ['.new-1/references', '.keep', 'y']) {
    await mkdir(join(place.skillsFolder, name), { recursive: true })
  }
  await writeFile(join(place.skillsFolder, '.new-1/references/a.md'), 'half')
  await installer(place)('x', async () => files)
  expect((await readdir(place.skillsFolder)).sort()).toEqual(['.keep', 'x', 'y'])
})
