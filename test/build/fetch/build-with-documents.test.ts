import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { renderFaces } from '../../../build/faces.ts'
import { gatherAndFetch } from '../../../build/gather.ts'
import { build } from '../../../build/pipeline.ts'
import { publish, readRelease } from '../../../build/publish.ts'
import type { BuildOutcome, Release } from '../../../build/release.ts'
import { manifestSchema } from '../../../schemas/manifest.ts'
import { treeOf } from '../trees.ts'
import { fetching } from './fetching.ts'
import { status, text } from './source.ts'

const { scratch, source } = fetching()

async function built(files: Readonly<Record<string, string>>, offline = false): Promise<BuildOutcome> {
  const root = join(scratch(), 'content')
  for (const [path, body] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), body)
  }
  const { tree } = await gatherAndFetch(root, { cache: join(scratch(), 'cache'), offline })
  return build(tree)
}

function filesOf(release: Release | undefined, name: string): Record<string, string> {
  const bytes = release?.artifacts.get(name)?.bytes ?? new Uint8Array()
  const files = Object.entries(unzipSync(bytes))
  return Object.fromEntries(files.map(([path, body]) => [path, Buffer.from(body).toString('utf8')]))
}

const told = ({ diagnostics }: BuildOutcome) =>
  diagnostics.map(({ path, line, column, code }) => `${path}:${line}:${column} ${code}`)

const GROUP = (lines: readonly string[]) => ['type: docs-only', 'description: Docs', ...lines].join('\n')

test('build() puts fetched documents into skills, named and titled, for variants that borrow them too', async () => {
  const { origin } = await source({
    '/js/setup.md': text('# In JavaScript'),
    '/py/setup': text('plain'),
    '/all.md': text('# For all'),
  })
  const outcome = await built({
    'skills/own/config.yaml': GROUP([
      `shared_docs: [${origin}/all.md]`,
      'variants:',
      '  - id: one',
      '    display_name: One',
      `    docs_urls: [${origin}/js/setup.md, {url: ${origin}/py/setup, title: In Python}, near.md, ${origin}/all.md]`,
    ]),
    'skills/own/near.md': '# Near',
    'skills/lent/config.yaml': GROUP(['variants_from: own', 'packaging: bundle']),
  })
  expect(told(outcome)).toEqual([])
  const files = filesOf(outcome.release, 'own-one.zip')
  expect(Object.keys(files).sort()).toEqual([
    'SKILL.md',
    ...['all', 'js-setup', 'near', 'py-setup'].map((name) => `references/${name}.md`),
  ])
  expect(files['SKILL.md']).toContain(
    [
      '- [In JavaScript](references/js-setup.md)',
      '- [In Python](references/py-setup.md)',
      '- [Near](references/near.md)',
      '- [For all](references/all.md)',
    ].join('\n'),
  )
  const lent = JSON.parse(Buffer.from(outcome.release?.artifacts.get('lent.json')?.bytes ?? []).toString())
  expect(Object.keys(lent.variants.one)).toEqual([
    'SKILL.md',
    'references/js-setup.md',
    'references/py-setup.md',
    'references/near.md',
    'references/all.md',
  ])
})

test('build() serves docs.yaml in the manifest, and as files where it says so', async () => {
  const { origin } = await source({ '/a.md': text('# A\n'), '/b.md': text('# B\n') })
  const outcome = await built({
    'docs.yaml': [
      `- {id: a, display_name: Same, description: The A, tags: [x], urls: ["${origin}/a.md"], release_asset: true}`,
      `- {id: both, display_name: Same, description: The two, urls: ["${origin}/a.md", "${origin}/b.md"]}`,
    ].join('\n'),
  })
  expect(told(outcome)).toEqual([])
  const { release } = outcome
  if (release === undefined) throw new Error('nothing was built')
  expect([...release.artifacts.keys()]).toEqual(['a.md'])
  const faces = renderFaces(release, 'http://localhost:8765/')
  const manifest = manifestSchema.parse(
    JSON.parse(Buffer.from(faces.get('manifest.json')?.bytes ?? []).toString()),
  )
  expect(manifest.resources).toEqual([
    {
      ...{ id: 'a', name: 'Same (a)', description: 'The A', tags: ['x'], uri: 'skill://docs/a.md' },
      resource: { mimeType: 'text/markdown', description: 'The A', text: '# A\n' },
    },
    {
      ...{ id: 'both', name: 'Same (both)', description: 'The two', tags: [], uri: 'skill://docs/both.md' },
      resource: { mimeType: 'text/markdown', description: 'The two', text: '# A\n\n---\n\n# B\n' },
    },
  ])
  const store = join(scratch(), 'store')
  await publish({ store, release, channel: 'dev', commit: null, now: () => new Date(0) })
  const stored = await readRelease(store, release.id)
  expect(stored.artifacts.get('a.md')?.digest).toBe(release.artifacts.get('a.md')?.digest)
})

test('build() leaves out only the variant and the document of which a part cannot be had', async () => {
  const { origin } = await source({ '/a.md': text('# A'), '/gone.md': status(404) })
  const outcome = await built({
    'skills/own/config.yaml': GROUP([
      'variants:',
      '  - id: good',
      '    display_name: Good',
      `    docs_urls: [${origin}/a.md]`,
      '  - id: bad',
      '    display_name: Bad',
      '    docs_urls:',
      `      - url: ${origin}/gone.md`,
    ]),
    'docs.yaml': `- {id: a, display_name: A, description: A, urls: ["${origin}/gone.md", "${origin}/a.md"]}`,
  })
  expect(told(outcome)).toEqual([
    'docs.yaml:1:51 fetch/unreachable',
    'skills/own/config.yaml:10:14 fetch/unreachable',
  ])
  expect([...(outcome.release?.artifacts.keys() ?? [])]).toEqual(['own-good.zip'])
  expect(outcome.release?.index.docs).toBeUndefined()
})

test.each([
  [
    '- {id: a, display_name: A, description: A, urls: [x.md], release_aset: true}',
    '1:58 validate/unknown-key',
  ],
  ['- {id: A, display_name: A, description: A, urls: [x.md]}', '1:8 validate/value'],
  ['- {id: a, display_name: A, description: A, urls: []}', '1:50 validate/value'],
  ['- {id: a, display_name: A, urls: [x.md]}', '1:3 validate/missing-key'],
  ['docs: 3', '1:7 validate/value'],
  ['other: []', '1:1 validate/value'],
  ['- {id: b, display_name: B, description: B, urls: [x.md]}', '1:8 validate/duplicate-doc'],
  ['- {id: agents-flow-type, display_name: A, description: A, urls: [x.md], release_asset: true}', undefined],
])('build() tells what is wrong with %s in docs.yaml, and serves the rest', async (line, wanted) => {
  const good = '- {id: b, display_name: B, description: B, urls: [x.md]}'
  const isList = line.startsWith('-')
  const { release, diagnostics } = build(
    treeOf({ 'docs.yaml': isList ? `${good}\n${line}` : line, 'x.md': '# X' }),
  )
  const [place = '', code] = (wanted ?? ' ').split(' ')
  const [row = '0', column] = place.split(':')
  expect(diagnostics.map((one) => [one.line, one.column, one.code])).toEqual(
    wanted === undefined ? [] : [[Number(row) + (isList ? 1 : 0), Number(column), code]],
  )
  if (isList) expect(release?.index.docs?.[0]).toMatchObject({ id: 'b', text: '# X' })
})

test('build() refuses a document whose file another has', async () => {
  const skill = '---\nname: plain\ndescription: Plain\n---\n# Plain\n'
  const seed = '---\ntype: seed\nflow: demo\nseed: true\nmodel: m\nskills: [plain]\n---\nQueue.\n'
  const docs = '- {id: agents-demo-seed, display_name: A, description: A, urls: [x.md], release_asset: true}'
  const outcome = build(
    treeOf({ 'skills/plain/SKILL.md': skill, 'agents/demo/seed.md': seed, 'docs.yaml': docs, 'x.md': '# X' }),
  )
  expect(told(outcome)).toEqual(['docs.yaml:1:8 link/file-name'])
  expect(outcome.release?.index.docs).toBeUndefined()
})

test('build() without the fetch stage reads documents of the tree, and says which it leaves out', () => {
  const group = (url: string) => ({
    'skills/own/config.yaml': GROUP(['variants: [{id: one, display_name: One}]', `shared_docs: [${url}]`]),
  })
  const near = { ...group('near.md'), 'skills/own/near.md': '# Near' }
  expect(told(build(treeOf(near)))).toEqual([])
  const place = 'skills/own/config.yaml:4:15'
  expect(told(build(treeOf(group('https://example.com/a.md'))))).toEqual([`${place} fetch/not-read`])
  expect(told(build(treeOf(group('../../../beside.md'))))).toEqual([`${place} fetch/not-read`])
  expect(told(build(treeOf(group('none.md'))))).toEqual([`${place} fetch/missing`])
  expect(told(build(treeOf(group('/etc/passwd'))))).toEqual([`${place} fetch/outside`])
})

test('build() gives the same bytes from the cache alone, whatever became of the source', async () => {
  const { origin, close } = await source({ '/a.md': text('# A') })
  const files = {
    'skills/own/config.yaml': GROUP([
      'variants: [{id: one, display_name: One}]',
      `shared_docs: [${origin}/a.md]`,
    ]),
  }
  const online = await built(files)
  await close()
  const offline = await built(files, true)
  expect(told(offline)).toEqual([])
  expect(offline.release?.id).toBe(online.release?.id)
  await rename(join(scratch(), 'cache'), join(scratch(), 'elsewhere'))
  expect(told(await built(files, true))).toEqual(['skills/own/config.yaml:4:15 fetch/offline'])
})
