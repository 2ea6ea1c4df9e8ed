import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { renderFaces } from '../../build/faces.ts'
import { build } from '../../build/pipeline.ts'
import type { Artifact, SourceFile } from '../../build/release.ts'
import { flowBundleSchema } from '../../schemas/agent-menu.ts'
import { diagnosticSchema, hasErrors } from '../../schemas/diagnostic.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { releaseIdOf, releaseIndexSchema } from '../../schemas/release.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'
import { SEED, SKILL, SOUND, soundTrees, TASK, treeOf } from './trees.ts'

const SMALL = join(import.meta.dirname, '../fixtures/content-small')
const REPO = join(import.meta.dirname, '../..')
const names = (files: Parameters<typeof treeOf>[0]) => [
  ...(build(treeOf(files)).release?.artifacts.keys() ?? []),
]

/** Reads an artifact as a client would. */
function readBack({ name, bytes }: Artifact): void {
  const text = new TextDecoder().decode(bytes)
  if (name.endsWith('.md')) expect(parsePrompt(text).body).toBeTruthy()
  if (name.startsWith('agents-') && name.endsWith('.json')) flowBundleSchema.parse(JSON.parse(text))
  else if (name.endsWith('.json')) skillBundleSchema.parse(JSON.parse(text))
}

describe('build()', () => {
  test('finds nothing wrong with sound trees, and everything it makes is readable', () => {
    fc.assert(
      fc.property(soundTrees, (files) => {
        const { release, diagnostics } = build(treeOf(files))
        expect(diagnostics).toEqual([])
        expect(releaseIndexSchema.parse(release?.index)).toEqual(release?.index)
        expect(release && releaseIdOf(release.index)).toBe(release?.id)
        for (const artifact of release?.artifacts.values() ?? []) readBack(artifact)
      }),
      { numRuns: 60 },
    )
  })

  test('gives the same bytes whatever the order of files', async () => {
    const { files } = await discover(SMALL)
    const once = build({ files, diagnostics: [] })
    fc.assert(
      fc.property(fc.shuffledSubarray([...files], { minLength: files.length }), (shuffled) => {
        expect(build({ files: shuffled, diagnostics: [] })).toEqual(once)
      }),
      { numRuns: 20 },
    )
  })

  test('gives the same release in every time zone', () => {
    const out = mkdtempSync(join(tmpdir(), 'mill-zones-'))
    const lines = ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'].map((TZ) => {
      const args = ['bin/mill.ts', 'build', '--content', SMALL, '--out', join(out, 'dist')]
      return execFileSync(process.execPath, args, {
        cwd: REPO,
        env: { ...process.env, TZ },
        encoding: 'utf8',
      })
    })
    rmSync(out, { recursive: true })
    expect(new Set(lines).size).toBe(1)
  })

  test('leaves a flow out as a whole when one of its prompts is broken, and keeps the others', () => {
    const other = SEED.replace('flow: demo', 'flow: other')
    const broken = {
      ...SOUND,
      'agents/demo/task.md': TASK.replace('type: task', 'type: tusk'),
      'agents/other/seed.md': other,
    }
    expect(names(broken)).toEqual(['agents-other-seed.md', 'agents-other.json', 'plain.zip'])
  })

  test('leaves a flow out when a skill it names is broken', () => {
    const files = { ...SOUND, 'agents/demo/task.md': TASK.replace('---\nDo', 'skills: [plain]\n---\nDo') }
    expect(names(files)).toContain('agents-demo.json')
    const outcome = build(
      treeOf({ ...files, 'skills/plain/SKILL.md': SKILL.replace('name: plain', 'name: other') }),
    )
    expect(outcome.release).toBeUndefined()
    expect(outcome.diagnostics.map(({ code }) => code)).toEqual(['validate/skill-name'])
  })

  test('leaves a broken variant out and keeps the others of its group', () => {
    const variants =
      'variants:\n  - {id: a, display_name: A}\n  - {id: b, display_name: B, nonsense: 1}\n  - {id: c}\n'
    const files = {
      'skills/g/config.yaml': `description: d\ntemplate: t.md\n${variants}`,
      'skills/g/t.md': '# T\n',
    }
    expect(names(files)).toEqual(['g-a.zip'])
  })

  test('keeps a skill, but not the one that repeats its id', () => {
    const twin = 'description: d\ntype: docs-only\nvariants:\n  - {id: all, display_name: Twin}\n'
    const { release, diagnostics } = build(
      treeOf({
        'skills/plain/SKILL.md': SKILL,
        'skills/plain/x/config.yaml': twin,
        'skills/plain-x/SKILL.md': SKILL.replace('plain', 'plain-x'),
      }),
    )
    expect(diagnostics.map(({ code }) => code)).toContain('link/skill-id')
    expect([...(release?.artifacts.keys() ?? [])]).toEqual(['plain-x.zip', 'plain.zip'])
  })

  test('says of an empty tree what was wanted', () => {
    for (const files of [{}, { 'shared/a.md': 'A\n' }, { 'notes.txt': 'x' }]) {
      const { release, diagnostics } = build(treeOf(files))
      expect(release).toBeUndefined()
      expect(diagnostics).toMatchObject([{ code: 'discover/empty', severity: 'error', path: '' }])
      expect(diagnostics[0]?.message).toContain('agents/<flow>/<type>.md')
    }
  })

  test('tells a mistake in a shared file once, however many documents use it', () => {
    const use = (text: string) => text.replace(/\n$/, '\n{{> part}}\n')
    const files = {
      'agents/demo/seed.md': use(SEED),
      'agents/demo/task.md': use(TASK),
      'shared/part.md': '{{> gone}}\n',
    }
    expect(build(treeOf(files)).diagnostics).toMatchObject([{ path: 'shared/part.md', line: 1, column: 1 }])
  })

  test('refuses names that differ only in case or normal form, and paths that leave the tree', () => {
    const codes = (files: Parameters<typeof treeOf>[0]) =>
      build(treeOf({ ...SOUND, ...files })).diagnostics.map(({ code }) => code)
    expect(codes({ 'skills/plain/assets/A': 'x', 'skills/plain/assets/a': 'y' })).toEqual([
      'discover/name-collision',
    ])
    for (const path of [
      'skills/plain/assets/e\u0301',

      'skills/plain/assets/a:b',
      'skills/plain/assets/x. ',
      'skills/plain/assets/\u202e',
    ]) {
      expect(codes({ [path]: 'x' }), path).toEqual(['discover/name'])
    }
  })
})

/** What a careless or hostile hand does to a file. */
const SNIPPETS = [
  ...[
    '---',
    '---js',
    '\n---\n',
    '{{> part}}',
    '{{> ',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '!!js ',
    '<<: ',
    '"',
    "'",
    '\t',
  ],
  ...[
    '\u202e',
    '\u0000',
    '\r',
    '\uFEFF',
    '#',
    '...',
    '%YAML 1.1\n',
    '__proto__: 1\n',
    'type: x\n',
    '\\ud800',
    '|\n',
    '>\n',
    'seed: true\n',
    '$&',
  ],
]
const mutation = fc.record({
  file: fc.nat(),
  at: fc.nat(),
  kind: fc.constantFrom('insert', 'delete', 'byte', 'truncate', 'none', 'none', 'comment'),
  length: fc.nat(12),
  snippet: fc.constantFrom(...SNIPPETS),
  byte: fc.nat(255),
})

function mutate(
  files: readonly SourceFile[],
  change: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): SourceFile[] {
  const index = change.file % files.length
  return files.map((file, at) =>
    at === index ? { path: file.path, bytes: mutated(file.bytes, change) } : file,
  )
}

function mutated(
  bytes: Uint8Array,
  {
    at,
    kind,
    length,
    snippet,
    byte,
  }: { at: number; kind: string; length: number; snippet: string; byte: number },
): Uint8Array {
  const offset = at % (bytes.length + 1)
  const head = bytes.subarray(0, offset)
  if (kind === 'insert') return Buffer.concat([head, Buffer.from(snippet), bytes.subarray(offset)])
  if (kind === 'delete') return Buffer.concat([head, bytes.subarray(offset + length)])
  if (kind === 'byte') return Buffer.concat([head, Buffer.from([byte]), bytes.subarray(offset + 1)])
  if (kind === 'truncate') return head
  if (kind === 'comment') return Buffer.concat([bytes, Buffer.from('\n# a harmless last line\n')])
  return bytes
}

test('build() answers 2,000 mutated trees with a release that can be read or a finding with a place', async () => {
  const { files } = await discover(SMALL)
  let valid = 0
  let runs = 0
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (changes) => {
      const { release, diagnostics } = build({
        files: changes.reduce<readonly SourceFile[]>(mutate, files),
        diagnostics: [],
      })
      runs++
      if (!hasErrors(diagnostics)) valid++
      for (const diagnostic of diagnostics) diagnosticSchema.parse(diagnostic)
      expect(release !== undefined || hasErrors(diagnostics)).toBe(true)
      for (const artifact of release?.artifacts.values() ?? []) readBack(artifact)
      if (release !== undefined) renderFaces(release, 'http://localhost:8765/')
    }),
    { numRuns: 2000 },
  )
  expect(valid / runs).toBeGreaterThan(0.3)
}, 120_000)
