import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { gather } from '../../../build/gather.ts'
import { build } from '../../../build/pipeline.ts'
import type { Artifact, Release } from '../../../build/release.ts'
import { zip } from '../../../build/zip.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { type ReleaseIndex, releaseIdOf } from '../../../schemas/release.ts'
import { publishSite } from '../../../server/publish/publish-site.ts'
import { unpackStrictly } from '../../../server/verify/archive.ts'
import { lyingZip } from '../../client/install/lying-zip.ts'
import { problemsOf } from '../commands/published.ts'
import { runMill } from '../commands/run-mill.ts'
import { contentFolder, scratch } from '../scratch.ts'

let honest: Release

beforeAll(async () => {
  const { release } = build(await gather(join(import.meta.dirname, '../../fixtures/content-small')))
  if (release === undefined) throw new Error('the fixture does not build')
  honest = release
})

/** The release with other bytes in one file, and every digest of it right again. */
function lying(file: string, bytes: Uint8Array): Release {
  const artifact = honest.artifacts.get(file)
  if (artifact === undefined) throw new Error(`the fixture has no ${file}`)
  const digest = digestOf(bytes)
  const mended = <Ref extends { readonly file: string }>(refs: readonly Ref[]) =>
    refs.map((ref) => (ref.file === file ? { ...ref, digest, size: bytes.length } : ref))
  const { agents, flows, skills, bundles, ...rest } = honest.index
  const index: ReleaseIndex = {
    ...rest,
    agents: mended(agents),
    flows: mended(flows),
    skills: mended(skills),
    bundles: mended(bundles),
  }
  const artifacts = new Map<string, Artifact>([...honest.artifacts, [file, { ...artifact, bytes, digest }]])
  return { id: releaseIdOf(index), index, artifacts }
}

async function problemsIn(release: Release) {
  const dir = join(scratch(), 'site')
  const pointer = {
    channel: 'dev',
    release: release.id,
    serial: 1,
    commit: null,
    publishedAt: new Date(0).toISOString(),
  }
  const status = { channel: 'dev', branch: null, status: 'live' as const, pointer, diagnostics: [] }
  const channels = [{ release, status }]
  await publishSite({ dir, baseUrl: 'http://x.test/', root: 'dev', channels, prune: false }, undefined)
  return problemsOf(dir)
}

const text = (words: string) => new TextEncoder().encode(words)
const textOf = (file: string) => new TextDecoder().decode(honest.artifacts.get(file)?.bytes)

describe('mill verify of a release whose digests are all right', () => {
  test('finds nothing in an honest one', async () => {
    expect(await problemsIn(honest)).toEqual([])
  })

  test.each([
    { what: 'a skill without SKILL.md', file: 'plain-notes.zip', code: 'zip', came: 'README.md' },
    { what: 'a skill that is no archive', file: 'plain-notes.zip', code: 'zip', came: 'cannot be read' },
    { what: 'a skill whose checksum lies', file: 'plain-notes.zip', code: 'zip', came: 'checksum' },
    { what: 'a bundle without a variant', file: 'farewell.json', code: 'bundle', came: '"farewell" with ' },
    { what: 'a bundle that is no JSON', file: 'farewell.json', code: 'bundle', came: 'expected' },
    { what: 'a flow that is another', file: 'agents-hello.json', code: 'flow', came: 'something else' },
    { what: 'a flow with another prompt', file: 'agents-hello.json', code: 'flow', came: 'another text' },
    { what: 'a prompt of another type', file: 'agents-hello-greet.md', code: 'prompt', came: 'great' },
  ])('finds $what', async ({ what, file, code, came }) => {
    const problems = await problemsIn(lying(file, LIES[what]?.(textOf(file)) ?? new Uint8Array()))
    expect(problems.map((problem) => problem.code)).toContain(`verify/${code}`)
    expect(problems.find((problem) => problem.code === `verify/${code}`)?.came).toContain(came)
  })
})

const LIES: Readonly<Record<string, (honestText: string) => Uint8Array>> = {
  'a skill without SKILL.md': () => zip([['README.md', 'x']]),
  'a skill that is no archive': () => text('PK'),
  'a skill whose checksum lies': () => lyingZip([{ name: 'SKILL.md', content: 'x', crc: 1 }]),
  'a bundle without a variant': () => text(JSON.stringify({ id: 'farewell', variants: {} })),
  'a bundle that is no JSON': () => text('{'),
  'a flow that is another': () => text('{}'),
  'a flow with another prompt': (words) => text(words.replace('## Goal', '## Gaol')),
  'a prompt of another type': (words) => text(words.replace('type: greet', 'type: great')),
}

describe('unpackStrictly()', () => {
  const file = { name: 'SKILL.md', content: 'x' }
  test.each([
    ['a name that leads out', [{ name: '../x', content: 'x' }]],
    ['an absolute name', [{ name: '/x', content: 'x' }]],
    ['a name with a backslash', [{ name: 'a\\b', content: 'x' }]],
    ['a name with NUL', [{ name: 'a\0b', content: 'x' }]],
    ['one name twice', [file, file]],
    ['names that differ in case only', [file, { name: 'skill.md', content: 'y' }]],
    [
      'names that differ in form only',
      [
        { name: '\u00e9', content: 'x' },
        { name: 'e\u0301', content: 'y' },
      ],
    ],
    ['a link', [{ ...file, mode: 0o120777 }]],
    ['a folder', [{ name: 'a/', content: '' }]],
    ['an encrypted file', [{ ...file, flags: 0x801 }]],
    ['a method of its own', [{ ...file, method: 99, packed: Buffer.from('x') }]],
    ['a checksum that does not hold', [{ ...file, crc: 7 }]],
    ['a size that does not hold', [{ ...file, size: 5, method: 8 }]],
    ['another name in the local header', [{ ...file, local: { name: 'OTHER.md' } }]],
  ])('refuses %s', async (_, entries) => {
    const { files, fault } = await unpackStrictly(lyingZip(entries))
    expect(files).toBeUndefined()
    expect(fault).not.toBe('')
  })

  test('gives back every file of an honest archive in its order', async () => {
    const { files } = await unpackStrictly(
      zip(
        [
          ['b', 'two'],
          ['a', 'one'],
        ],
        { order: 'given' },
      ),
    )
    expect([...(files ?? [])].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['b', 'two'],
      ['a', 'one'],
    ])
  })
})

test('a folder that is none, and an address with a query, are refused', async () => {
  for (const target of ['none', 'http://x.test/?a=1', 'ftp://x.test']) {
    expect(await runMill(['verify', target], scratch())).toMatchObject({ code: 2, error: 'verify/target' })
  }
  const empty = await problemsOf(contentFolder())
  expect(empty.map(({ code }) => code)).toEqual(['verify/missing'])
  const [gone] = await problemsOf('http://127.0.0.1:9')
  expect(gone).toMatchObject({ code: 'verify/unreachable', came: expect.stringContaining('bad port') })
})
