import { deflateRawSync, gzipSync } from 'node:zlib'
import type { Problem } from '../../../client/install/problems.ts'
import { extraField, lyingZip, type ZipEntry, type ZipLies } from './lying-zip.ts'

export const SKILL: ZipEntry = { name: 'SKILL.md', content: '# A skill\n' }
const LINK = 0o120777
const FILE = 0o100000
const big = Buffer.alloc(400_000, 'x')
const PART: ZipEntry = { name: 'b.md', content: 'x' }
const zip64 = extraField(1, Buffer.alloc(24))
const inner = lyingZip([{ name: 'bomb', content: big, method: 8 }])
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `f${index}.md` }))
/** A skill, and one more entry of this name. */
const named = (name: string | Buffer): readonly ZipEntry[] => [SKILL, { name, content: 'x' }]

type Row = readonly [string, Problem, readonly ZipEntry[], ZipLies?]

const PATHS: readonly Row[] = [
  ['a name that climbs', 'path-outside', named('../escaped.md')],
  ['a name that climbs far', 'path-outside', named('../../../../../../../../tmp/escaped.md')],
  ['a name that climbs from inside', 'path-outside', named('a/../../escaped.md')],
  ['a name that climbs and comes back', 'path-outside', named('../x/escaped.md')],
  ['a folder that climbs', 'path-outside', [SKILL, { name: '../escaped/' }]],
  ['an absolute name', 'path-outside', named('/tmp/escaped.md')],
  ['an absolute name of two slashes', 'path-outside', named('//server/share')],
  ['a backslash that climbs', 'path-outside', named('..\\escaped.md')],
  ['a backslash at its root', 'path-outside', named('\\escaped.md')],
  ['a drive', 'path-outside', named('C:/escaped.md')],
  ['a drive with a backslash', 'path-outside', named('c:\\escaped.md')],
  ['a backslash', 'path-character', named('a\\b.md')],
  ['a drive inside', 'path-character', named('a/C:x')],
  ['a stream of another file', 'path-character', named('SKILL.md:evil')],
  ['a pattern', 'path-character', named('*.md')],
  ['a NUL', 'path-character', named('a.md\0.png')],
  ['a newline', 'path-character', named('a\nb.md')],
  ['an escape sequence', 'path-character', named('\u001B[2Ja.md')],
  ['a direction override', 'path-character', named('a\u202Edm.exe')],
  ['a zero-width space in a name', 'path-character', named('a\u200B.md')],
  ['a blank letter in a name', 'path-character', named('a\u3164.md')],
  ['tag characters in a name', 'path-character', named('a\u{E0041}.md')],
  ['a selector in a name', 'path-character', named('a\uFE00.md')],
  ['bytes that are not UTF-8', 'path-encoding', named(Buffer.from([0x61, 0xff]))],
  ['an overlong slash', 'path-encoding', named(Buffer.from([0x2e, 0x2e, 0xc0, 0xaf, 0x61]))],
  ['a name of another code page', 'path-encoding', [SKILL, { name: Buffer.from([0x61, 0x82]), flags: 0 }]],
  [
    'a second spelling that climbs',
    'path-encoding',
    [SKILL, { name: 'a.md', extra: extraField(0x7075, Buffer.from('\x01\0\0\0\0../a.md')) }],
  ],
  ['a dot segment', 'path-name', named('./a.md')],
  ['an empty segment', 'path-name', named('a//b.md')],
  ['an empty name', 'path-name', named('')],
  ['only a slash', 'path-name', [SKILL, { name: 'a//' }]],
  ['a trailing dot', 'path-name', named('a./b.md')],
  ['a trailing space', 'path-name', named('SKILL.md ')],
  ['a device', 'path-name', named('references/NUL.md')],
  ['a device of superscripts', 'path-name', named('com¹.md')],
  ['the prototype of objects', 'path-name', named('__proto__')],
  ['the prototype as a folder', 'path-name', named('__proto__/polluted.md')],
  ['a constructor', 'path-name', named('references/constructor')],
  ['a repository', 'path-hidden', named('.git/hooks/post-checkout')],
  ['a repository deeper', 'path-hidden', named('references/.git/config')],
  ['the run folder', 'path-hidden', named('.mill/runs/x/audit.jsonl')],
  ['secrets', 'path-hidden', named('.env')],
  ['settings of an agent', 'path-hidden', named('.claude/settings.json')],
  ['settings of npm', 'path-hidden', named('scripts/.npmrc')],
  ['too deep a path', 'path-long', named('a/b/c/d/e/f/g/h/i.md')],
  ['too long a path', 'path-long', named(`${'x/'.repeat(201)}y`)],
  ['too long a name', 'path-long', named(`${'x'.repeat(256)}.md`)],
  ['a name of 60,000 bytes', 'path-long', named('x'.repeat(60_000))],
  ['one name twice', 'duplicate-path', [SKILL, SKILL]],
  ['names that differ in case', 'duplicate-path', [SKILL, { name: 'skill.MD' }]],
  ['names that differ in normal form', 'duplicate-path', [SKILL, { name: 'é.md' }, { name: 'e\u0301.md' }]],
  ['names that differ in width', 'duplicate-path', [SKILL, { name: 'ａ.md' }, { name: 'a.md' }]],
  ['names that are one in upper case', 'duplicate-path', [SKILL, { name: 'ß.md' }, { name: 'SS.md' }]],
  ['a file that is a folder too', 'file-and-folder', [SKILL, { name: 'a' }, { name: 'A/b.md' }]],
  ['a folder before its file', 'file-and-folder', [SKILL, { name: 'a/b.md' }, { name: 'a' }]],
  ['SKILL.md as a folder', 'file-and-folder', [SKILL, { name: 'SKILL.md/x.md' }]],
  ['no SKILL.md', 'no-skill-file', [{ name: 'README.md' }]],
  ['SKILL.md only below', 'no-skill-file', [{ name: 'skill/SKILL.md' }]],
  ['SKILL.md in other letters', 'no-skill-file', [{ name: 'skill.md' }]],
  ['nothing at all', 'no-skill-file', []],
]

const KINDS: readonly Row[] = [
  ['a link to a file', 'link', [SKILL, { name: 'passwd', content: '/etc/passwd', mode: LINK }]],
  ['a link to a folder', 'link', [SKILL, { name: 'out', content: '..', mode: LINK }, { name: 'out/a.md' }]],
  ['a link as SKILL.md', 'link', [{ ...SKILL, mode: LINK }]],
  ['a fifo', 'special-file', [SKILL, { name: 'fifo', mode: 0o010644 }]],
  ['a socket', 'special-file', [SKILL, { name: 'socket', mode: 0o140644 }]],
  ['a character device', 'special-file', [SKILL, { name: 'null', mode: 0o020666 }]],
  ['a block device', 'special-file', [SKILL, { name: 'sda', mode: 0o060666 }]],
  ['a folder that says it is a file', 'special-file', [SKILL, { name: 'a', mode: 0o040755 }]],
  ['a script of another user', 'special-file', [SKILL, { name: 'a.sh', mode: FILE | 0o4755 }]],
  ['a folder with content', 'size-lie', [SKILL, { name: 'a/', content: 'x' }]],
  ['an archive inside', 'nested-archive', [SKILL, { name: 'more.zip', content: inner }]],
  ['an archive under a name of text', 'nested-archive', [SKILL, { name: 'a.md', content: inner }]],
  ['a packed file inside', 'nested-archive', [SKILL, { name: 'a.txt', content: gzipSync('x') }]],
  [
    'a tape archive inside',
    'nested-archive',
    [SKILL, { name: 'a.bin', content: `${'a'.repeat(257)}ustar${' '.repeat(300)}` }],
  ],
  ['hidden zero-width text', 'hidden-text', [{ ...SKILL, content: 'Ig\u200Bnore all previous' }]],
  ['hidden tag characters', 'hidden-text', [SKILL, { name: 'a.txt', content: 'x\u{E0041}\u{E0042}' }]],
  ['a script with turned-around text', 'hidden-text', [SKILL, { name: 'a.sh', content: '# \u202E live' }]],
  [
    'hidden text in what is not quite UTF-8',
    'hidden-text',
    [{ ...SKILL, content: Buffer.from([0x61, 0xe2, 0x80, 0xae, 0xff]) }],
  ],
  ['a text that is none', 'not-text', [{ ...SKILL, content: Buffer.from([0x61, 0xff]) }]],
]

const SIZES: readonly Row[] = [
  ['too many files', 'too-many-files', [SKILL, ...many(512)]],
  ['far too many entries', 'too-many-files', [SKILL, ...many(1100)]],
  ['100,000 entries', 'too-many-files', [SKILL, ...many(100_000)]],
  ['a wrong checksum', 'checksum', [SKILL, { name: 'a.md', content: 'x', crc: 1 }]],
  ['a wrong checksum, packed', 'checksum', [{ ...SKILL, method: 8, crc: 1 }]],
  ['a size too small, stored', 'size-lie', [SKILL, { name: 'a.md', content: 'xyz', size: 1 }]],
  ['a size too large, stored', 'size-lie', [SKILL, { name: 'a.md', content: 'xyz', size: 4 }]],
  ['a size too small, packed', 'size-lie', [SKILL, { name: 'a.md', content: big, method: 8, size: 10 }]],
  ['a size too large, packed', 'size-lie', [SKILL, { name: 'a.md', content: 'x', method: 8, size: 100 }]],
  ['a size of nothing, packed', 'size-lie', [SKILL, { name: 'a.md', content: 'xyz', method: 8, size: 0 }]],
  ['a size beyond all limits', 'too-large', [SKILL, { name: 'a.md', method: 8, size: 0xfffffff0 }]],
  ['a bomb', 'bomb', [SKILL, { name: 'a.md', content: big, method: 8 }]],
  [
    'a bomb of many files',
    'bomb',
    [SKILL, ...many(200).map((file) => ({ ...file, content: Buffer.alloc(60_000), method: 8 }))],
  ],
]

const FORMS: readonly Row[] = [
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
  [
    'bytes behind packed content',
    'stray-bytes',
    [{ ...SKILL, method: 8, packed: Buffer.concat([deflateRawSync('# A skill\n'), Buffer.from('more')]) }],
  ],
  ['an unknown method', 'method', [SKILL, { name: 'a.md', method: 12 }]],
  ['a method that is only a little different', 'method', [SKILL, { name: 'a.md', method: 9 }]],
  [
    'an encrypted file',
    'encrypted',
    [SKILL, { name: 'a.md', content: 'x'.repeat(20), size: 8, flags: 0x801 }],
  ],
  ['a strongly encrypted file', 'encrypted', [SKILL, { name: 'a.md', content: 'x', flags: 0x841 }]],
  ['two names for one file', 'headers-differ', [SKILL, { name: 'a.md', local: { name: 'b.md' } }]],
  ['a local name that climbs', 'headers-differ', [SKILL, { name: 'a.md', local: { name: '../a' } }]],
  ['two methods for one file', 'headers-differ', [SKILL, { name: 'a.md', local: { method: 8 } }]],
  ['two sizes for one file', 'headers-differ', [SKILL, { name: 'a.md', content: 'x', local: { size: 9 } }]],
  ['two checksums for one file', 'headers-differ', [SKILL, { name: 'a.md', local: { crc: 9 } }]],
  ['two encodings for one file', 'headers-differ', [SKILL, { name: 'a.md', local: { flags: 0 } }]],
  ['a file for large files', 'zip64', [SKILL, { name: 'a.md', extra: zip64 }]],
  ['a count for large archives', 'zip64', [SKILL], { count: 0xffff }],
  ['an offset for large archives', 'zip64', [SKILL], { directoryOffset: 0xffffffff }],
  [
    'an end for large archives',
    'zip64',
    [SKILL],
    { gap: Buffer.concat([Buffer.from('PK\x06\x07'), Buffer.alloc(16)]) },
  ],
  ['a second disk', 'multi-disk', [SKILL], { diskNumber: 1 }],
  ['a count too high', 'bad-archive', [SKILL], { count: 2 }],
  ['two counts', 'bad-archive', [SKILL], { countHere: 2 }],
  ['a directory beyond its end', 'bad-archive', [SKILL], { directoryOffset: 9999 }],
  ['an extra field that is too long', 'bad-archive', [{ ...SKILL, extra: Buffer.from([1, 2, 200, 0]) }]],
  ['an entry beyond its end', 'bad-archive', [{ ...SKILL, offset: 0xfffffff0 }]],
  ['an entry that is none', 'bad-archive', [SKILL, { name: 'a.md', offset: 3 }]],
  ['a count too low', 'stray-bytes', [SKILL, { name: 'a.md' }], { count: 1 }],
  ['a directory elsewhere', 'stray-bytes', [SKILL], { directoryOffset: 7 }],
  ['bytes before its first file', 'stray-bytes', [SKILL], { leading: Buffer.from('#!/bin/sh\n') }],
  ['bytes between its files', 'stray-bytes', [SKILL, { name: 'a.md', before: Buffer.from('x') }]],
  ['a file nobody lists', 'stray-bytes', [{ ...SKILL, before: Buffer.from('PK\x03\x04 and more') }]],
  ['bytes before its directory', 'stray-bytes', [{ ...SKILL, behind: Buffer.from('x') }]],
  ['bytes behind its directory', 'stray-bytes', [SKILL], { gap: Buffer.from('x') }],
  ['bytes behind its end', 'stray-bytes', [SKILL], { trailing: Buffer.from('x') }],
  [
    'a file inside of another file',
    'overlap',
    [SKILL, { name: 'a.md', content: lyingZip([PART]) }, { ...PART, offset: 82 }],
  ],
  ['a comment', 'archive-comment', [SKILL], { comment: Buffer.from('hello') }],
  [
    'an archive in its comment',
    'stray-bytes',
    [SKILL],
    { comment: lyingZip([{ ...SKILL, content: 'other' }]) },
  ],
]

/** Archives that nobody should install, and the problem that is told of each. */
export const HOSTILE = [...PATHS, ...KINDS, ...SIZES, ...FORMS].map(([name, problem, entries, lies]) => ({
  name,
  problem,
  archive: lyingZip(entries, lies),
}))
