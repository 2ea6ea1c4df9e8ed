import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import type { Release } from '../../build/release.ts'
import { SEED, SOUND, TASK, treeOf } from './trees.ts'

function skillText(release: Release | undefined, id: string): string {
  const files = unzipSync(release?.artifacts.get(`${id}.zip`)?.bytes ?? new Uint8Array())
  return Buffer.from(files['SKILL.md'] ?? []).toString()
}

const LENDER = `template: t.md
description: Lend {display_name}
tags: [lent]
cli: {role: internal}
variants:
  - id: next
    display_name: Next.js
    description: Only here
    tags: [web]
    docs_urls: [guide.md]
    shared_docs: [own.md]
    template: other.md
    framework: nextjs
    default: true
  - {id: astro, display_name: Astro, framework: astro}
`

test('variants_from borrows id, name, tags, documents, framework and default, and nothing else', () => {
  const { release, diagnostics } = build(
    treeOf({
      'skills/lender/config.yaml': LENDER,
      'skills/lender/t.md': '# Lender\n',
      'skills/lender/other.md': '# Other\n',
      'skills/lender/guide.md': '# Guide\n',
      'skills/lender/own.md': '# Own\n',
      'skills/borrower/config.yaml':
        'template: b.md\ndescription: Borrow {display_name}\ntags: [own]\nvariants_from: lender\n',
      'skills/borrower/b.md': '# Borrowed {display_name}\n\n{references}\n',
    }),
  )
  expect(diagnostics).toEqual([])
  const borrowed = release?.index.skills.filter(({ category }) => category === 'borrower') ?? []
  expect(
    borrowed.map(({ id, description, tags, framework, default: isDefault }) => {
      return [id, description, tags, framework, isDefault]
    }),
  ).toEqual([
    ['borrower-next', 'Borrow Next.js', ['own', 'web'], 'nextjs', true],
    ['borrower-astro', 'Borrow Astro', ['own'], 'astro', undefined],
  ])
  expect(release?.index.cliEntries.map(({ skillId }) => skillId)).toEqual(['lender-astro', 'lender-next'])
  const text = skillText(release, 'borrower-next')
  expect(text).toContain('# Borrowed Next.js\n\n- [Guide](references/guide.md)\n')
  expect(text).not.toMatch(/own\.md|# Other/)
})

test('a command is what the variant says, else what the group says, else the id of the variant', () => {
  const { release, diagnostics } = build(
    treeOf({
      'skills/g/config.yaml': `type: docs-only
description: G
cli: {role: command, parentCommand: tools}
variants:
  - {id: first, display_name: First}
  - {id: second, display_name: Second, cli: {role: command, command: other, default: true}}
  - {id: third, display_name: Third, cli: {role: skill}}
`,
    }),
  )
  expect(diagnostics).toEqual([])
  expect(release?.index.cliEntries).toMatchObject([
    { skillId: 'g-first', role: 'command', command: 'first', parentCommand: 'tools' },
    { skillId: 'g-second', role: 'command', command: 'other', parentCommand: 'tools', default: true },
    { skillId: 'g-third', role: 'skill' },
  ])
})

const prompt = (lines: string) => TASK.replace('---\nDo', `${lines}\n---\nDo`)
test.each([
  ['a key', { 'agents/demo/task.md': prompt('dependOn: []') }, 'dependsOn'],
  ['a tool', { 'agents/demo/task.md': prompt('allowedTools: [Gerp]') }, 'Grep'],
  [
    'a type',
    { 'agents/demo/other.md': prompt('dependsOn: [taks]').replace('type: task', 'type: other') },
    'task',
  ],
  ['a skill', { 'agents/demo/task.md': prompt('skills: [plian]') }, 'plain'],
  ['a partial', { 'agents/demo/task.md': `${TASK}{{> tnoe}}\n`, 'shared/tone.md': 'Be kind.\n' }, 'tone'],
  ['a flow', { 'agents/demo/task.md': TASK.replace('flow: demo', 'flow: dmeo') }, 'demo'],
])('build() says what was meant by %s that is misspelt', (_, files, meant) => {
  const { diagnostics } = build(treeOf({ ...SOUND, ...files }))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
    { fix: { replacement: meant } },
  ])
})

test('README.md of a flow is for people: never served, and no prompt of it', () => {
  const files = {
    ...SOUND,
    'agents/README.md': '# Flows\n',
    'agents/demo/README.md': '# Demo\n',
    'agents/demo/seed.md': SEED,
  }
  const [withNotes, without] = [
    build(treeOf(files)),
    build(treeOf({ ...SOUND, 'agents/demo/seed.md': SEED })),
  ]
  expect(withNotes.diagnostics).toEqual(without.diagnostics)
  expect(withNotes.release?.id).toBe(without.release?.id)
})
