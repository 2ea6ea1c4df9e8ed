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
    ['a skill without SKILL.md', 'plain-notes.zip', () => zip([['README.md', 'x']]), 'zip', 'README.md'],
    ['a skill that is no archive', 'plain-notes.zip', () => text('PK'), 'zip', 'cannot be read'],
    [
      'a skill whose checksum lies',
      'plain-notes.zip',
      () => lyingZip([{ name: 'SKILL.md', content: 'x', crc: 1 }]),
      'zip',
      'checksum',
    ],
    [
      'a bundle without a variant',
      'farewell.json',
      () => text(JSON.stringify({ id: 'farewell', variants: {} })),
      'bundle',
      'farewell',
    ],
    ['a bundle that is no JSON', 'farewell.json', () => text('{'), 'bundle', 'expected'],
    ['a flow that is another', 'agents-hello.json', () => text('{}'), 'flow', 'something else'],
    [
      'a flow with another prompt than its file',
      'agents-hello.json',
      () => text(textOf('agents-hello.json').replace('## Goal', '## Gaol')),
      'flow',
      'another text',
    ],
    [
      'a prompt of another type',
      'agents-hello-greet.md',
      () => text(textOf('agents-hello-greet.md').replace('type: greet', 'type: great')),
      'prompt',
      'great',
    ],
  ] as const)('finds %s', async (_, ...lie) => {
    const [file, bytes, code, came] = lie
    const problems = await problemsIn(lying(file, bytes()))
    expect(problems.map((problem) => problem.code)).toContain(`verify/${code}`)
    expect(problems.find((problem) => problem.code === `verify/${code}`)?.came).toContain(came)
  })
})

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
    ['another name in the local header', [{ ...file, localName: 'OTHER.md' }]],
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
