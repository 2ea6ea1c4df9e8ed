import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { build } from '../../../build/pipeline.ts'
import type { SourceFile, Surroundings } from '../../../build/release.ts'
import { bundleScripts } from '../../../build/scripts.ts'
import { fc } from '../../properties.ts'

const TREE: Readonly<Record<string, string>> = {
  'skills/web/template.md': '# {display_name}\n\n{references}\n',
  'skills/web/config.yaml': `template: template.md
description: The web with {display_name}
variants:
  - id: one
    display_name: One $& {references}
    example_paths: apps/one/
  - id: two
    display_name: Two
    example_paths: [apps/one, apps/two]
`,
}

const filesOf = (files: Readonly<Record<string, string>>): SourceFile[] =>
  Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) }))

const EXAMPLES = new Map([
  ['apps/one', filesOf({ 'a.ts': '// {display_name} {{> gone}} $&' })],
  ['apps/two', filesOf({ 'b.css': 'b', 'b.ts': 'b', 'LICENSE.generated': 'c' })],
])

function run(changes: Readonly<Record<string, string>> = {}, around: Surroundings = { examples: EXAMPLES }) {
  const { release, diagnostics } = build({
    ...around,
    files: filesOf({ ...TREE, ...changes }),
    diagnostics: [],
  })
  const told = diagnostics.map(
    (d) => `${d.path}:${d.line}:${d.column} ${d.severity} ${d.code}${d.fix ? ` → ${d.fix.replacement}` : ''}`,
  )
  const read = (skill: string, path: string) => {
    const artifact = release?.artifacts.get(`${skill}.zip`)
    const bytes = artifact && unzipSync(artifact.bytes)[path]
    return bytes && new TextDecoder().decode(bytes)
  }
  return { release, told, read, ids: release?.index.skills.map(({ id }) => id) }
}

test('build() puts one example app into EXAMPLE.md and several beside each other, and lists them', () => {
  const { told, read } = run()
  expect(told).toEqual([])
  expect(read('web-one', 'references/EXAMPLE.md')).toBe(
    '# One $& {references}: example app\n\nPath: `apps/one`\n\n## `a.ts`\n\n```ts\n// {display_name} {{> gone}} $&\n```\n',
  )
  expect(read('web-one', 'SKILL.md')).toContain('- [Example app](references/EXAMPLE.md)')
  expect(read('web-two', 'references/EXAMPLE-two.md')).toContain('## `b.css`')
  expect(read('web-two', 'SKILL.md')).toContain('- [Example app one](references/EXAMPLE-one.md)')
})

test('build() leaves out of an example what skip-patterns.yaml says, for all apps or for one', () => {
  const patterns = 'global:\n  includes: [.css]\nexamples:\n  two:\n    regex: [generated$]\n'
  const { told, read } = run({ 'skip-patterns.yaml': patterns })
  expect(told).toEqual([])
  expect(read('web-two', 'references/EXAMPLE-two.md')?.match(/^## .*/gm)).toEqual(['## `b.ts`'])
})

test('build() leaves out the variant whose example app is missing, and serves the others', () => {
  const { told, ids } = run({}, { examples: new Map([...EXAMPLES].slice(0, 1)) })
  expect(told).toEqual(['skills/web/config.yaml:9:31 error example/not-found'])
  expect(ids).toEqual(['web-one'])
})

test('build() refuses an example path that leaves the folder', () => {
  const config = TREE['skills/web/config.yaml']?.replace('apps/one/', '../secret') ?? ''
  expect(run({ 'skills/web/config.yaml': config }).told).toEqual([
    'skills/web/config.yaml:6:20 error example/path',
  ])
})

test('build() says that an example app was not read, rather than missing, when nobody gathered any', () => {
  const { told, ids } = run({}, {})
  expect(told.map((line) => line.replace(/.* (\w+ example)/, '$1'))).toEqual(
    Array(3).fill('warning example/not-read'),
  )
  expect(ids).toEqual(['web-one', 'web-two'])
})

test.each([
  ['global:\n  regex: ["(a+)+$"]\n', 'skip-patterns.yaml:2:11 error example/pattern'],
  ['global:\n  includes: [zz, "*a*b*c*"]\n', 'skip-patterns.yaml:2:18 error example/pattern'],
  ['examples:\n  tow:\n    allow: [x]\n', 'skip-patterns.yaml:2:3 warning example/unknown-app → two'],
  ['globl:\n  regex: []\n', 'skip-patterns.yaml:1:1 error validate/unknown-key → global'],
  ['examples:\n  two:\n    include: [x]\n', 'skip-patterns.yaml:3:5 error validate/unknown-key → includes'],
])('build() says what is wrong with skip-patterns.yaml %j', (text, wanted) => {
  expect(run({ 'skip-patterns.yaml': text }).told).toEqual([wanted])
})

test('build() says where a marker of an example app is wrong', () => {
  const examples = new Map([...EXAMPLES, ['apps/two', filesOf({ 'b.ts': 'b\n// @ignoreBlockEnd' })]])
  expect(run({}, { examples }).told).toEqual(['../apps/two/b.ts:2:1 warning example/marker'])
})

const PLAIN = {
  'skills/notes/SKILL.md': '---\nname: notes\ndescription: Notes\n---\n# Notes\n',
  'skills/notes/scripts/a.ts': "import { b } from './lib/b.ts'\nconsole.log(b)\n",
  'skills/notes/scripts/lib/b.ts': 'export const b: number = 1\n',
  'skills/notes/scripts/c.sh': 'date\n',
  'skills/web/scripts/d.ts': 'console.log("d" as string)\n',
}

async function scripted(changes: Readonly<Record<string, string>>) {
  const files = { ...PLAIN, ...changes }
  return run(files, { examples: EXAMPLES, scripts: await bundleScripts(filesOf(files)) })
}

test('build() serves scripts of plain skills and groups as modules, and their sources nowhere', async () => {
  const { told, read } = await scripted({})
  expect(told).toEqual([])
  expect(read('notes', 'scripts/a.mjs')).toContain('console.log(b)')
  expect(read('notes', 'scripts/c.sh')).toBe('date\n')
  for (const path of ['scripts/a.ts', 'scripts/lib/b.ts', 'scripts/lib/b.mjs'])
    expect(read('notes', path)).toBeUndefined()
  expect(read('web-one', 'scripts/d.mjs')).toBe(read('web-two', 'scripts/d.mjs'))
  expect(read('web-one', 'scripts/d.mjs')).toContain('console.log("d")')
})

test('build() leaves out a skill whose script is broken, and a group of which one is', async () => {
  const { told, ids } = await scripted({
    'skills/notes/scripts/lib/b.ts': 'export const b =\n',
    'skills/web/scripts/d.ts': 'import x from "x"\nx()',
  })
  expect(told).toEqual([
    'skills/notes/scripts/lib/b.ts:2:1 error scripts/bundle',
    'skills/web/scripts/d.ts:1:15 error scripts/bundle',
  ])
  expect(ids).toBeUndefined()
})

test('build() refuses a script whose module has the name of a file', async () => {
  const { told } = await scripted({ 'skills/notes/scripts/a.mjs': '1' })
  expect(told).toEqual(['skills/notes/scripts/a.ts:1:1 error scripts/name'])
})

test('build() says that a script was not bundled when nobody bundled any', () => {
  const { told, ids } = run(PLAIN)
  expect(told.map((line) => line.slice(-29))).toEqual(
    Array(2).fill('1:1 warning scripts/not-bundled'.slice(-29)),
  )
  expect(ids).toEqual(['notes', 'web-one', 'web-two'])
})

test('build() offers the skills of a category as a plugin, and has no plugins without a marketplace', () => {
  const marketplace =
    'plugins:\n  web: {name: web-things, description: The web}\n  wbe: {name: other, description: X}\n'
  const { told, release } = run({ 'marketplace.yaml': marketplace })
  expect(told).toEqual(['marketplace.yaml:3:3 error validate/category → web'])
  expect(release?.index.plugins).toEqual([
    { name: 'web-things', description: 'The web', keywords: [], skills: ['web-one', 'web-two'] },
  ])
  expect(run().release?.index).not.toHaveProperty('plugins')
})

test('build() gives the same release whatever the order of example apps and their files', () => {
  const wanted = run().release?.id
  const shuffled = fc.tuple(
    ...[...EXAMPLES].map(([path, files]) =>
      fc.shuffledSubarray(files, { minLength: files.length }).map((some) => [path, some] as const),
    ),
  )
  fc.assert(
    fc.property(shuffled, fc.boolean(), (apps, reversed) => {
      expect(run({}, { examples: new Map(reversed ? apps.toReversed() : apps) }).release?.id).toBe(wanted)
    }),
    { numRuns: 30 },
  )
})
