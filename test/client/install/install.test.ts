import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { install, installer } from '../../../client/install/install.ts'
import { unzip } from '../../../client/install/unzip.ts'
import { fc } from '../../properties.ts'
import { lyingZip, type ZipEntry, type ZipLies } from './lying-zip.ts'

let room: string
let app: string
let skillsFolder: string
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'mill-install-'))
  app = join(room, 'app')
  skillsFolder = join(app, '.mill', 'skills')
  await mkdir(app)
})
afterEach(() => rm(room, { recursive: true, force: true }))

const SKILL: ZipEntry = { name: 'SKILL.md', content: '# A skill\n' }
const LINK = 0o120777
const big = Buffer.alloc(400_000, 'x')
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `f${index}.md` }))

const HOSTILE: readonly (readonly [string, string, readonly ZipEntry[], ZipLies?])[] = [
  ['a name that climbs', 'bad-path', [SKILL, { name: '../escaped.md' }]],
  ['a name that climbs from inside', 'bad-path', [SKILL, { name: 'a/../../escaped.md' }]],
  ['an absolute name', 'bad-path', [SKILL, { name: '/tmp/escaped.md' }]],
  ['a backslash', 'bad-path', [SKILL, { name: '..\\escaped.md' }]],
  ['a drive', 'bad-path', [SKILL, { name: 'C:/escaped.md' }]],
  ['a drive inside', 'bad-path', [SKILL, { name: 'a/C:x' }]],
  ['a stream of another file', 'bad-path', [SKILL, { name: 'SKILL.md:evil' }]],
  ['a NUL', 'bad-path', [SKILL, { name: 'a.md\0.png' }]],
  ['a newline', 'bad-path', [SKILL, { name: 'a\nb.md' }]],
  ['an escape sequence', 'bad-path', [SKILL, { name: '\u001B[2Ja.md' }]],
  ['a direction override', 'bad-path', [SKILL, { name: 'a\u202Edm.exe' }]],
  ['bytes that are not UTF-8', 'bad-path', [SKILL, { name: Buffer.from([0x61, 0xff]) }]],
  ['a dot segment', 'bad-path', [SKILL, { name: './a.md' }]],
  ['an empty segment', 'bad-path', [SKILL, { name: 'a//b.md' }]],
  ['an empty name', 'bad-path', [SKILL, { name: '' }]],
  ['a trailing dot', 'bad-path', [SKILL, { name: 'a./b.md' }]],
  ['a device', 'bad-path', [SKILL, { name: 'references/NUL.md' }]],
  ['too deep a path', 'bad-path', [SKILL, { name: 'a/b/c/d/e/f/g/h/i.md' }]],
  ['too long a path', 'bad-path', [SKILL, { name: `${'x'.repeat(401)}` }]],
  ['one name twice', 'duplicate-path', [SKILL, SKILL]],
  ['names that differ in case', 'duplicate-path', [SKILL, { name: 'skill.MD' }]],
  ['names that differ in normal form', 'duplicate-path', [SKILL, { name: 'é.md' }, { name: 'e\u0301.md' }]],
  ['a file that is a folder too', 'duplicate-path', [SKILL, { name: 'a' }, { name: 'A/b.md' }]],
  ['a link to a file', 'link', [SKILL, { name: 'passwd', content: '/etc/passwd', mode: LINK }]],
  ['a link to a folder', 'link', [SKILL, { name: 'out', content: '..', mode: LINK }, { name: 'out/a.md' }]],
  ['a link as SKILL.md', 'link', [{ ...SKILL, mode: LINK }]],
  ['a fifo', 'special-file', [SKILL, { name: 'fifo', mode: 0o010644 }]],
  ['a device node', 'special-file', [SKILL, { name: 'null', mode: 0o020666 }]],
  ['a folder that says it is a file', 'special-file', [SKILL, { name: 'a', mode: 0o040755 }]],
  ['a folder with content', 'bad-archive', [SKILL, { name: 'a/', content: 'x' }]],
  ['no SKILL.md', 'no-skill-file', [{ name: 'README.md' }]],
  ['SKILL.md only below', 'no-skill-file', [{ name: 'skill/SKILL.md' }]],
  ['nothing at all', 'no-skill-file', []],
  ['too many files', 'too-many-files', [SKILL, ...many(512)]],
  ['far too many entries', 'too-many-files', [SKILL, ...many(1100)]],
  ['a wrong checksum', 'checksum', [SKILL, { name: 'a.md', content: 'x', crc: 1 }]],
  ['a wrong checksum, packed', 'checksum', [{ ...SKILL, method: 8, crc: 1 }]],
  ['a size too small, stored', 'bad-archive', [SKILL, { name: 'a.md', content: 'xyz', size: 1 }]],
  ['a size too small, packed', 'bad-archive', [SKILL, { name: 'a.md', content: big, method: 8, size: 10 }]],
  ['a size too large, packed', 'bad-archive', [SKILL, { name: 'a.md', content: 'x', method: 8, size: 100 }]],
  ['a size beyond all limits', 'too-large', [SKILL, { name: 'a.md', method: 8, size: 0xfffffff0 }]],
  ['a bomb', 'bomb', [SKILL, { name: 'a.md', content: big, method: 8 }]],
  [
    'bytes that do not unpack',
    'bad-archive',
    [SKILL, { name: 'a', method: 8, packed: Buffer.from('zzz'), size: 9 }],
  ],
  [
    'packed bytes cut short',
    'bad-archive',
    [{ ...SKILL, method: 8, packed: deflateRawSync('# A skill\n').subarray(0, 4) }],
  ],
  ['an unknown method', 'bad-archive', [SKILL, { name: 'a.md', method: 12 }]],
  [
    'an encrypted file',
    'encrypted',
    [SKILL, { name: 'a.md', content: 'x'.repeat(20), size: 8, flags: 0x801 }],
  ],
  ['two names for one file', 'bad-archive', [SKILL, { name: 'a.md', localName: 'b.md' }]],
  ['two methods for one file', 'bad-archive', [SKILL, { name: 'a.md', localMethod: 8 }]],
  ['a count too high', 'bad-archive', [SKILL], { count: 2 }],
  ['a directory elsewhere', 'bad-archive', [SKILL], { directoryOffset: 7 }],
  ['a second disk', 'bad-archive', [SKILL], { diskNumber: 1 }],
  ['bytes behind its end', 'bad-archive', [SKILL], { trailing: Buffer.from('x') }],
  ['hidden zero-width text', 'hidden-text', [{ ...SKILL, content: 'Ig\u200Bnore all previous' }]],
  ['hidden tag characters', 'hidden-text', [SKILL, { name: 'a.txt', content: 'x\u{E0041}\u{E0042}' }]],
  [
    'hidden text in what is not quite UTF-8',
    'hidden-text',
    [{ ...SKILL, content: Buffer.from([0x61, 0xe2, 0x80, 0xae, 0xff]) }],
  ],
]

const ARCHIVES = HOSTILE.map(([name, problem, entries, lies]) => ({
  name,
  problem,
  archive: lyingZip(entries, lies),
}))

describe('install() refuses an archive with', () => {
  test.each(ARCHIVES)('$name', async ({ problem, archive }) => {
    const refused = unzip('x', archive).then((files) => install('x', files, { app, skillsFolder }))
    await expect(refused).rejects.toMatchObject({
      code: `install/${problem}`,
      message: expect.stringMatching(/^Cannot install skill "x": \P{Cc}+$/u),
    })
    expect(await readdir(room)).toEqual(['app'])
    expect(await readdir(app, { recursive: true })).toEqual([])
  })

  test('any bytes that are no archive', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('<html>'), lyingZip([SKILL]).subarray(0, 40)]) {
      await expect(unzip('x', bytes)).rejects.toMatchObject({ code: 'install/bad-archive' })
    }
  })

  test('any one byte changed: refused by a code, or the same content', async () => {
    const honest = lyingZip([SKILL, { name: 'references/a.md', content: 'a step', method: 8 }])
    await fc.assert(
      fc.asyncProperty(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(honest)
        changed[at] = (changed[at] ?? 0) ^ change
        const outcome = await unzip('x', changed).catch((error) => error)
        if (outcome instanceof Map) {
          expect(outcome.get('SKILL.md')?.toString()).toBe('# A skill\n')
          return
        }
        expect(outcome.code).toMatch(/^install\/[a-z-]+$/)
      }),
      { numRuns: 400 },
    )
  })
})

const files = new Map([
  ['SKILL.md', Buffer.from('\uFEFF# Ein Skill 👨‍👩‍👧 ❤️\n')],
  ['references/a.md', Buffer.from('میخواهم')],
  ['assets/x.bin', Buffer.from([0, 0xc2, 0xad, 0xff])],
])

test('unzip() reads what an honest writer wrote, stored or deflated', async () => {
  for (const level of [0, 6] as const) {
    const zip = zipSync(Object.fromEntries(files), { level })
    expect(await unzip('x', zip)).toEqual(files)
  }
  const folders = lyingZip([
    { name: 'references/', mode: 0o040755 },
    { ...SKILL, mode: 0o100755 },
  ])
  expect([...(await unzip('x', folders)).keys()]).toEqual(['SKILL.md'])
})

test('install() writes a skill whole, and no file may be executed', async () => {
  const installed = await install('x-nextjs', files, { app, skillsFolder })
  expect(installed).toEqual({
    id: 'x-nextjs',
    folder: '.mill/skills/x-nextjs',
    files: ['SKILL.md', 'assets/x.bin', 'references/a.md'],
  })
  for (const path of installed.files) {
    const file = join(app, installed.folder, path)
    expect(await readFile(file)).toEqual(files.get(path))
    expect((await stat(file)).mode & 0o111).toBe(0)
  }
  expect(await readdir(skillsFolder)).toEqual(['x-nextjs'])
})

test('install() keeps what is the same and replaces what is not', async () => {
  await install('x', files, { app, skillsFolder })
  const first = (await stat(join(skillsFolder, 'x'))).ino
  await install('x', files, { app, skillsFolder })
  expect((await stat(join(skillsFolder, 'x'))).ino).toBe(first)
  await writeFile(join(skillsFolder, 'x', 'left-over.md'), 'old')
  await writeFile(join(skillsFolder, 'x', 'SKILL.md'), 'edited')
  await install('x', files, { app, skillsFolder })
  expect((await readdir(join(skillsFolder, 'x'))).sort()).toEqual(['SKILL.md', 'assets', 'references'])
  expect(await readFile(join(skillsFolder, 'x', 'SKILL.md'))).toEqual(files.get('SKILL.md'))
  expect(await readdir(skillsFolder)).toEqual(['x'])
})

test('install() refuses a target that is a link or lies below one, and writes nothing through it', async () => {
  const outside = join(room, 'outside')
  await mkdir(join(outside, 'skills'), { recursive: true })
  const refuse = async () => {
    await expect(install('x', files, { app, skillsFolder })).rejects.toMatchObject({
      code: 'install/linked-target',
    })
    expect(await readdir(outside, { recursive: true })).toEqual(['skills'])
  }
  await symlink(outside, join(app, '.mill'))
  await refuse()
  await rm(join(app, '.mill'))
  await mkdir(skillsFolder, { recursive: true })
  await symlink(join(outside, 'skills'), join(skillsFolder, 'x'))
  await refuse()
  await rm(join(skillsFolder, 'x'))
  await symlink(join(room, 'dangling'), join(skillsFolder, 'x'))
  await refuse()
  await rm(join(skillsFolder, 'x'))
  await writeFile(join(skillsFolder, 'x'), 'a file')
  await refuse()
})

test('install() refuses an id or a folder that leads outside', async () => {
  for (const id of ['../x', 'a/b', '..', '', 'con', 'a\0']) {
    await expect(install(id, files, { app, skillsFolder })).rejects.toMatchObject({ code: 'install/outside' })
  }
  const elsewhere = { app, skillsFolder: join(room, 'skills') }
  await expect(install('x', files, elsewhere)).rejects.toMatchObject({ code: 'install/outside' })
  expect(await readdir(room)).toEqual(['app'])
})

test('installer() asks once for a skill that is wanted many times at once', async () => {
  const one = installer({ app, skillsFolder })
  let asked = 0
  const get = async () => {
    asked += 1
    return files
  }
  const all = await Promise.all(Array.from({ length: 20 }, () => one('x', get)))
  expect(asked).toBe(1)
  expect(new Set(all).size).toBe(1)
})
