import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFolder } from '../../build/folder.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mill-folder-'))
})
afterEach(() => rm(dir, { recursive: true }))

const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) })

test('writeFolder() replaces a folder as a whole and leaves nothing beside it', async () => {
  const out = join(dir, 'deep', 'out')
  await writeFolder([file('a', '1'), file('b/c', '2')], out)
  await writeFolder([file('a', '3')], out)
  expect(await readdir(out, { recursive: true })).toEqual(['a'])
  expect(await readFile(join(out, 'a'), 'utf8')).toBe('3')
  expect(await readdir(join(dir, 'deep'))).toEqual(['out'])
})

test('writeFolder() leaves the old folder when it cannot write the new one', async () => {
  const out = join(dir, 'out')
  await writeFolder([file('a', '1')], out)
  await expect(writeFolder([file('x', '2'), file('x', '3')], out)).rejects.toThrow('EEXIST')
  expect(await readFile(join(out, 'a'), 'utf8')).toBe('1')
  expect(await readdir(dir)).toEqual(['out'])
})

test('writeFolder() refuses to write below a file', async () => {
  await mkdir(join(dir, 'x'))
  await writeFile(join(dir, 'x', 'file'), '')
  await expect(writeFolder([file('a', '1')], join(dir, 'x', 'file', 'out'))).rejects.toThrow()
  expect(await readdir(join(dir, 'x'))).toEqual(['file'])
})
