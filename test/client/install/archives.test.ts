import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { install } from '../../../client/install/install.ts'
import { unzip } from '../../../client/install/unzip.ts'
import { fc } from '../../properties.ts'
import { times } from '../../times.ts'
import { HOSTILE, SKILL } from './hostile-archives.ts'
import { installRoom } from './install-room.ts'
import { extraField, lyingZip, type ZipEntry } from './lying-zip.ts'

const place = installRoom()

const installed = async (archive: Uint8Array) => install('x', await unzip('x', archive), place)

describe('install() refuses an archive with', () => {
  test.each(HOSTILE)('$name', async ({ problem, archive }) => {
    const prototype = Object.getOwnPropertyNames(Object.prototype)
    await expect(installed(archive)).rejects.toMatchObject({
      code: `install/${problem}`,
      message: expect.stringMatching(/^Cannot install skill "x": \P{C}+[^.\p{C}]$/u),
    })
    expect(await readdir(place.room)).toEqual(['app'])
    expect(await readdir(place.app, { recursive: true })).toEqual([])
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype)
  })

  test('any bytes that are no archive, or only the first of one', async () => {
    const whole = lyingZip([SKILL])
    const cut = Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length))
    for (const bytes of [Buffer.from('<html>'), Buffer.alloc(70_000), ...cut]) {
      await expect(unzip('x', bytes)).rejects.toMatchObject({ code: 'install/no-archive' })
    }
  })

  test('any one byte changed: refused by a code, or the same content', async () => {
    const honest = lyingZip([SKILL, { name: 'references/a.md', content: 'a step', method: 8 }])
    const changes = fc.tuple(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(changes, async ([at, change]) => {
        const changed = Buffer.from(honest)
        changed[at] = (changed[at] ?? 0) ^ change
        const outcome = await unzip('x', changed).catch((error) => error)
        if (outcome instanceof Map) {
          expect([...outcome.values()].map(String)).toEqual(['# A skill\n', 'a step'])
          return
        }
        expect(outcome.code).toMatch(/^install\/[a-z0-9-]+$/)
      }),
      { numRuns: times(400, 20_000) },
    )
  })
})

const packed = (method: 0 | 8, count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `references/${at}.md`, content: `step ${at}`, method }))
const script: ZipEntry = { name: 'scripts/run.sh', content: '#!/bin/sh\n', mode: 0o100755 }
const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) >> 3))
const folders = ['references/', 'references/deep/'].map((name) => ({ name, mode: 0o040755 }))
const written = (files: Record<string, string>, level: 0 | 1 | 6 | 9) =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
    { level, mtime: new Date(2026, 1, 2) },
  )
const TEXTS = { 'SKILL.md': '\uFEFF# Ein Skill 👨‍👩‍👧 ❤️\n', 'references/a.md': 'میخواهم', 'assets/b.txt': '' }

const HONEST: readonly (readonly [string, Uint8Array, number])[] = [
  ['one file', lyingZip([SKILL]), 1],
  ['one packed file', lyingZip([{ ...SKILL, method: 8 }]), 1],
  ['an empty file', lyingZip([{ name: 'SKILL.md' }]), 1],
  ['an empty packed file', lyingZip([{ name: 'SKILL.md', method: 8 }]), 1],
  ['files in folders', lyingZip([SKILL, ...packed(8, 5)]), 6],
  ['folders of their own', lyingZip([...folders, SKILL, ...packed(0, 2)]), 3],
  ['a script that could be run', lyingZip([SKILL, script]), 2],
  ['modes of another system', lyingZip([{ ...SKILL, mode: 0o100600 }]), 1],
  ['no mode at all', lyingZip([{ ...SKILL, mode: 0 }]), 1],
  ['sizes behind the content', lyingZip([{ ...SKILL, method: 8, descriptor: 'signed' }, ...packed(8, 2)]), 3],
  ['sizes behind, without their mark', lyingZip([{ ...SKILL, method: 8, descriptor: 'bare' }]), 1],
  ['times in an extra field', lyingZip([{ ...SKILL, extra: extraField(0x5455, Buffer.alloc(5)) }]), 1],
  [
    'a second spelling that is the first',
    lyingZip([{ ...SKILL, extra: extraField(0x7075, Buffer.from('\x01\0\0\0\0SKILL.md')) }]),
    1,
  ],
  ['a comment on a file', lyingZip([{ ...SKILL, comment: 'the skill' }]), 1],
  ['plain names that do not say UTF-8', lyingZip([{ ...SKILL, flags: 0 }]), 1],
  ['names of other scripts', lyingZip([SKILL, { name: 'références/日本語 🚀.md', content: 'x' }]), 2],
  ['as many files as may be', lyingZip([SKILL, ...packed(8, 511)]), 512],
  ['as deep as may be', lyingZip([SKILL, { name: 'a/b/c/d/e/f/g/h.md' }]), 2],
  ['bytes that are no text', lyingZip([SKILL, { name: 'assets/x.bin', content: noise, method: 8 }]), 2],
  ['much that packs well', lyingZip([{ ...SKILL, content: 'x'.repeat(20_000), method: 8 }]), 1],
  ['names that look like words', lyingZip([SKILL, { name: 'constructor.md' }, { name: 'a/proto' }]), 3],
  ...([0, 1, 6, 9] as const).map((level) => [`level ${level}`, written(TEXTS, level), 3] as const),
]

describe('install() takes an archive with', () => {
  test.each(HONEST)('%s', async (_, archive, count) => {
    const skill = await installed(archive)
    expect(skill.files).toHaveLength(count)
    const files = await unzip('x', archive)
    for (const path of skill.files) {
      const file = join(place.app, skill.folder, path)
      expect(await readFile(file)).toEqual(Buffer.from(files.get(path) ?? []))
      // Whatever the archive says, nothing can be executed.
      expect((await stat(file)).mode & 0o7777).toBe(0o644)
    }
    expect(await readdir(place.skillsFolder)).toEqual(['x'])
  })
})

test('enough archives are tried', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(60)
  expect(HONEST.length).toBeGreaterThanOrEqual(20)
})
