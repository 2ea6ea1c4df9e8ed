import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { BundledScript } from '../../build/release.ts'
import { bundledPath, isScriptSource } from '../../build/scripts/paths.ts'
import { bundleScripts } from '../../build/scripts.ts'

const S = 'skills/notes/scripts'
const sources = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Object.entries(files).map(([path, text]) => ({
    path,
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
  }))

async function bundleOne(files: Readonly<Record<string, string | Uint8Array>>): Promise<BundledScript> {
  return (await bundleScripts(sources(files))).get(`${S}/main.ts`) ?? { diagnostics: [] }
}

async function findings(files: Readonly<Record<string, string | Uint8Array>>) {
  const script = await bundleOne(files)
  return 'text' in script
    ? []
    : script.diagnostics.map((d) => `${d.path}:${d.line}:${d.column} ${d.code} ${d.message}`)
}

test('bundleScripts() makes one module that runs with nothing beside it', async () => {
  const script = await bundleOne({
    [`${S}/main.ts`]: [
      "import { basename } from 'node:path'",
      "import { greet } from './lib/greet.js'",
      "import data from '../references/data.json'",
      'const name: string = basename(data.file)',
      'console.log(greet(name))',
    ].join('\n'),
    [`${S}/lib/greet.ts`]: 'export const greet = (name: string): string => "Grüß Gott, " + name',
    'skills/notes/references/data.json': '{"file": "a/b.md"}',
  })
  const text = 'text' in script ? script.text : ''
  expect(text).not.toContain(process.cwd())
  const dir = await mkdtemp(join(tmpdir(), 'mill-script-'))
  await writeFile(join(dir, 'main.mjs'), text)
  const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'main.mjs')], { cwd: dir })
  await rm(dir, { recursive: true })
  expect(stdout).toBe('Grüß Gott, b.md\n')
})

test('bundleScripts() gives the same bytes whatever else the tree holds and in whatever order', async () => {
  const files = {
    [`${S}/main.ts`]: "import './b.ts'\nimport './a.ts'",
    [`${S}/a.ts`]: 'console.log(1)',
    [`${S}/b.ts`]: 'console.log(2)',
  }
  const first = await bundleScripts(sources(files))
  const more = sources({ ...files, 'skills/other/scripts/x.ts': 'console.log(3)' }).reverse()
  const second = await bundleScripts(more)
  for (const [path, script] of first) expect(second.get(path)).toEqual(script)
  expect([...first.keys()]).toHaveLength(3)
})

test.each([
  ["import x from 'left-pad'\nx()", '1:15', 'expected a file of the skill'],
  ["import fs from 'fs'\nfs.x()", '1:16', 'expected "node:fs"'],
  ["import '../../other/scripts/x.ts'", '1:8', 'expected a .ts, .js or .json file in "skills/notes"'],
  ["import '/etc/passwd'", '1:8', 'expected a file of the skill'],
  ["import 'https://example.com/x.js'", '1:8', 'expected a file of the skill'],
  ["import './%zz.ts'", '1:8', 'expected a .ts, .js or .json file'],
  ["import './../../../../../etc/passwd.js'", '1:8', 'expected a .ts, .js or .json file'],
  ["import './missing.ts'", '1:8', 'expected a .ts, .js or .json file'],
  ["const x = require('./a.ts')", '1:19', 'expected an import'],
  ["const ü = ; 'größe'", '1:11', 'Unexpected ";"'],
  ['\nconst ü = ((', '2:13', 'Unexpected end of file'],
  ['const a = 1\nconst "größe" = 2', '2:7', 'Expected identifier'],
])('bundleScripts() refuses %j at its place', async (text, at, wanted) => {
  const files = { [`${S}/main.ts`]: text, [`${S}/a.ts`]: '', 'skills/other/scripts/x.ts': '' }
  const told = await findings(files)
  expect(told).toEqual([expect.stringContaining(wanted)])
  expect(told[0]).toMatch(new RegExp(`^${S}/main\\.ts:${at} scripts/bundle Cannot `))
})

test('bundleScripts() blames the imported file for its own mistake', async () => {
  const told = await findings({ [`${S}/main.ts`]: "import './lib/a.ts'", [`${S}/lib/a.ts`]: 'let x: = 1' })
  expect(told).toEqual([expect.stringMatching(`^${S}/lib/a\\.ts:1:8 `)])
})

test('bundleScripts() refuses what is not text, what is hidden and what is too large', async () => {
  const one = (bytes: string | Uint8Array) => findings({ [`${S}/main.ts`]: bytes })
  expect(await one(Buffer.from([0x2f, 0x2f, 0xff]))).toEqual([expect.stringContaining(':1:3 parse/utf8')])
  expect(await one('// a\u202eb')).toEqual([expect.stringContaining(':1:5 parse/hidden-character')])
  expect(await one('//'.repeat(300_000))).toEqual([expect.stringContaining('expected at most 524288')])
})

test('bundleScripts() goes on after a script that no parser survives', async () => {
  expect(await findings({ [`${S}/main.ts`]: `x = ${'('.repeat(200_000)}` })).toHaveLength(1)
  expect(await findings({ [`${S}/main.ts`]: `x = 1` })).toEqual([])
}, 60_000)

test('bundleScripts() bundles again only what changed', async () => {
  const memo = new Map()
  const files = {
    [`${S}/main.ts`]: "import './a.ts'",
    [`${S}/a.ts`]: 'console.log(1)',
    'skills/other/scripts/x.ts': '1',
  }
  const first = await bundleScripts(sources(files), memo)
  const second = await bundleScripts(sources({ ...files, [`${S}/a.ts`]: 'console.log(2)' }), memo)
  expect(second.get('skills/other/scripts/x.ts')).toBe(first.get('skills/other/scripts/x.ts'))
  expect(second.get(`${S}/main.ts`)).toEqual({
    text: expect.stringContaining('console.log(2)'),
    sources: [`${S}/a.ts`, `${S}/main.ts`],
  })
})

test('isScriptSource() and bundledPath() tell what is served instead of what', () => {
  expect([`${S}/a.ts`, `${S}/lib/b.ts`, `${S}/a.sh`, 'skills/notes/assets/a.ts'].map(isScriptSource)).toEqual(
    [true, true, false, false],
  )
  expect(bundledPath(`${S}/a.ts`)).toBe(`${S}/a.mjs`)
})
