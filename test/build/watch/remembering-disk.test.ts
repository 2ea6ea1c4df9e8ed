import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Disk, disk } from '../../../build/disk.ts'
import { rememberingDisk } from '../../../build/watch/remembering-disk.ts'

const LIMIT = 1_000

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mill-disk-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A disk that counts what is really read, and the clock by which it remembers. */
function counting() {
  const dir = folder()
  const file = join(dir, 'a.md')
  writeFileSync(file, 'first')
  let ahead = 10_000
  const reads: string[] = []
  const below: Disk = {
    ...disk,
    read: (path, limit) => {
      reads.push(path)
      return disk.read(path, limit)
    },
  }
  const remembering = rememberingDisk(() => Date.now() + ahead, below)
  const read = () => remembering.read(file, LIMIT) as Uint8Array
  const text = () => Buffer.from(read()).toString()
  const clock = (ms: number) => {
    ahead = ms
  }
  return { dir, file, reads, remembering, read, text, clock }
}

test('rememberingDisk() reads a file once while nothing tells of a change', () => {
  const { reads, read } = counting()
  const first = read()
  expect([read() === first, read() === first, reads.length]).toEqual([true, true, 1])
})

test('rememberingDisk() reads again what was written within a tick of the clock of files', () => {
  const { file, reads, text, clock } = counting()
  clock(0)
  expect(text()).toBe('first')
  // As long, and at the same time as far as anybody can be told: the disk may not go by that.
  writeFileSync(file, 'other')
  expect(text()).toBe('other')
  expect(text()).toBe('other')
  expect(reads.length).toBe(3)
})

test('rememberingDisk() is not fooled by a time that was put back', () => {
  const { file, text } = counting()
  utimesSync(file, 1, 1)
  expect(text()).toBe('first')
  writeFileSync(file, 'other')
  utimesSync(file, 1, 1)
  expect(text()).toBe('other')
})

test('rememberingDisk() reads everything again after a minute, and gives what is the same as the very same bytes', () => {
  const { reads, read, clock } = counting()
  const first = read()
  clock(10_000 + 61_000)
  expect([read() === first, reads.length]).toEqual([true, 2])
  // A clock that was set back does not make old news of it.
  clock(-86_400_000)
  expect([read() === first, reads.length]).toEqual([true, 3])
})

test('rememberingDisk() forgets what was not read since the last time', () => {
  const { file, reads, remembering, read } = counting()
  read()
  remembering.forget()
  remembering.forget()
  appendFileSync(file, '')
  read()
  expect(reads.length).toBe(2)
})

test('disk.read() neither follows a link nor waits for a pipe, and tells the size of what is too large', () => {
  const { dir, file } = counting()
  symlinkSync(file, join(dir, 'link'))
  expect(() => disk.read(join(dir, 'link'), LIMIT)).toThrow(expect.objectContaining({ code: 'ELOOP' }))
  expect(() => disk.read(dir, LIMIT)).toThrow()
  expect(() => disk.read(join(dir, 'gone'), LIMIT)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  expect(disk.read(file, 3)).toEqual({ size: 5 })
  execFileSync('mkfifo', [join(dir, 'pipe')])
  expect(() => disk.read(join(dir, 'pipe'), LIMIT)).toThrow(expect.objectContaining({ code: 'ENOTFILE' }))
})
