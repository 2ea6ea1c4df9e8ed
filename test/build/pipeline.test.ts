import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { build } from '../../build/pipeline.ts'
import { releaseIdOf, releaseIndexSchema } from '../../schemas/release.ts'
import { fc } from '../properties.ts'
import { readBack } from './read-back.ts'
import { SEED, SKILL, SOUND, soundTrees, TASK, treeOf } from './trees.ts'

const SMALL = join(import.meta.dirname, '../fixtures/content-small')
const REPO = join(import.meta.dirname, '../..')
const names = (files: Parameters<typeof treeOf>[0]) => [
  ...(build(treeOf(files)).release?.artifacts.keys() ?? []),
]

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
    const lines = ['Pacific/Kiritimati', 'America/Los_Angeles'].map((TZ) => {
      const args = ['bin/mill.js', 'build', '--content', SMALL, '--out', join(out, 'dist')]
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
    const variants = '[{ id: a, display_name: A }, { id: b, display_name: B }]'
    const group = {
      'skills/g/config.yaml': `description: d\ntemplate: t.md\nvariants: ${variants}\n`,
      'skills/g/t.md': '{reference}\n',
    }
    expect(build(treeOf(group)).diagnostics).toMatchObject([
      { path: 'skills/g/t.md', code: 'expand/placeholder' },
    ])
  })

  test('takes nothing for missing that is there and could not be read', () => {
    const task = TASK.replace('---\nDo', 'dependsOn: [aux]\nskills: [big]\n---\n{{> con}}\nDo')
    const refused = {
      'agents/demo/aux.md': TASK,
      'shared/con.md': 'x',
      'skills/big/SKILL.md': new Uint8Array(6 * 1024 * 1024),
    }
    const { release, diagnostics } = build(treeOf({ ...SOUND, ...refused, 'agents/demo/task.md': task }))
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'discover/name',
      'discover/name',
      'discover/too-large',
    ])
    expect([...(release?.artifacts.keys() ?? [])]).toEqual(['plain.zip'])
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
