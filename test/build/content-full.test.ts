/**
 * Builds the tree that uses every feature of the authoring format, and compares what comes out with
 * `test/fixtures/content-full.golden/`. After a change that is meant, renew the golden files and read their diff:
 *
 *     vitest run test/build/content-full.test.ts -u
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatherAndFetch } from '../../build/gather.ts'
import { build } from '../../build/pipeline.ts'
import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import { digestOf } from '../../schemas/digest.ts'
import { manifestSchema } from '../../schemas/manifest.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'
import { skillMenuSchema } from '../../schemas/skill-menu.ts'
import { mill } from '../house/mill.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures')
const GOLDEN = join(FIXTURES, 'content-full.golden')

let out: string
const bytes = new Map<string, Buffer>()

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'mill-full-'))
  await rm(out, { recursive: true })
  const folders = [
    '--content',
    join(FIXTURES, 'content-full'),
    '--docs-from',
    join(FIXTURES, 'docs'),
    '--out',
    out,
  ]
  const built = await mill(['build', ...folders, '--format', 'json'])
  expect(JSON.parse(built.stdout)).toEqual({ diagnostics: [] })
  expect(built.code).toBe(0)
  for (const name of (await readdir(out)).sort()) bytes.set(name, await readFile(join(out, name)))
})
afterAll(() => rm(out, { recursive: true, force: true }))

const text = (name: string) => bytes.get(name)?.toString('utf8') ?? ''

test.each([
  ['skill-menu.json', skillMenuSchema],
  ['agent-menu.json', agentMenuSchema],
  ['manifest.json', manifestSchema],
] as const)('content-full is built to the golden %s', async (name, schema) => {
  schema.parse(JSON.parse(text(name)))
  await expect(text(name)).toMatchFileSnapshot(join(GOLDEN, name))
})

test('content-full is built to the golden artifacts, to the last file inside', async () => {
  const faces = new Set([
    'skill-menu.json',
    'agent-menu.json',
    'manifest.json',
    'release-index.json',
    'SHA256SUMS',
    'skills-mcp-resources.zip',
  ])
  const lines = [...bytes]
    .filter(([name]) => !faces.has(name))
    .flatMap(([name, content]) => [
      `${digestOf(content)} ${name}`,
      ...insides(name, content).map(([path, inner]) => `${digestOf(inner)}   ${path}`),
    ])
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(GOLDEN, 'artifacts.txt'))
})

test('content-full is the same release when it is built again, elsewhere, and offers its plugins', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'mill-full-'))
  for (const folder of ['content-full', 'example-apps'])
    await cp(join(FIXTURES, folder), join(elsewhere, folder), { recursive: true })
  const options = { docsFrom: join(FIXTURES, 'docs'), cache: join(elsewhere, 'cache') }
  const { tree } = await gatherAndFetch(join(elsewhere, 'content-full'), options)
  const { release, diagnostics } = build({ ...tree, files: tree.files.toReversed() })
  await rm(elsewhere, { recursive: true })
  expect(diagnostics).toEqual([])
  expect(release?.id).toBe(JSON.parse(text('skill-menu.json')).buildVersion)
  expect(release?.index.plugins?.map(({ name, skills }) => [name, skills.length])).toEqual([
    ['lantern-all', 11],
    ['lantern-integration', 8],
    ['lantern-notes', 1],
    ['lantern-tour', 2],
  ])
})

function insides(name: string, content: Buffer): (readonly [path: string, content: Uint8Array | string])[] {
  if (name.endsWith('.zip')) return Object.entries(unzipSync(content))
  if (!name.endsWith('.json') || name.startsWith('agents-')) return []
  const { variants } = skillBundleSchema.parse(JSON.parse(content.toString('utf8')))
  return Object.entries(variants).flatMap(([id, files]) =>
    Object.entries(files).map(([path, inner]) => [`${id}/${path}`, inner] as const),
  )
}
