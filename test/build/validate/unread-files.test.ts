import { expect, test } from 'vitest'
import { build } from '../../../build/pipeline.ts'
import type { Surroundings } from '../../../build/release.ts'
import { bundleScripts } from '../../../build/scripts.ts'
import { type Files, SEED, SOUND, treeOf } from '../trees.ts'

const CONFIG = 'template: t.md\ndescription: A\nvariants: [{id: web, display_name: Web, framework: web}]\n'
const GROUP: Files = { 'skills/g/config.yaml': CONFIG, 'skills/g/t.md': '# T\n' }

/** What is told of files that are laid over a sound tree, with the fix that is offered. */
function told(files: Files, around: Surroundings = {}): string[] {
  const { diagnostics } = build({
    ...treeOf({ ...SOUND, 'agents/demo/seed.md': USING, ...files }),
    ...around,
  })
  return diagnostics.map(({ path, code, fix }) => [path, code, fix?.replacement ?? []].flat().join(' '))
}

const USING = SEED.replace('---\nQueue', 'skills: [plain]\n---\nQueue')
const unread = (path: string, fix?: string) => [path, 'validate/not-served', fix ?? []].flat().join(' ')

async function toldWithScripts(files: Files): Promise<string[]> {
  return told(files, { scripts: await bundleScripts(treeOf(files).files) })
}

test.each<[string, Files, string[]]>([
  [
    'a misspelt config.yaml',
    { 'skills/x/conifg.yaml': CONFIG, 'skills/x/t.md': '# T\n' },
    [unread('skills/x/conifg.yaml', 'config.yaml')],
  ],
  [
    'a misspelt SKILL.md',
    { 'skills/bar/SKILLS.md': '# Bar\n' },
    [unread('skills/bar/SKILLS.md', 'SKILL.md')],
  ],
  ['a folder of nothing', { 'skills/x/a/b.md': 'B\n', 'skills/x/c.md': 'C\n' }, [unread('skills/x/a/b.md')]],
  [
    'a folder beside a group',
    { 'skills/in/g/config.yaml': CONFIG, 'skills/in/g/t.md': '# T\n', 'skills/in/h/conifg.yaml': CONFIG },
    [unread('skills/in/h/conifg.yaml', 'config.yaml')],
  ],
  [
    'a loose file',
    { 'skills/loose.md': 'Lost.\n', 'skills/in/loose.md': 'Lost.\n', ...inside('in') },
    [unread('skills/in/loose.md'), unread('skills/loose.md')],
  ],
  [
    'a misspelt folder of skills',
    { 'skill/q/SKILL.md': '# Q\n', 'skill/r/SKILL.md': '# R\n' },
    [unread('skill/q/SKILL.md', 'skills')],
  ],
  ['a misspelt folder of agents', { 'agent/f/a.md': 'Do it.\n' }, [unread('agent/f/a.md', 'agents')]],
  [
    'files that are no prompts',
    { 'agents/demo/b.MD': 'B\n', 'agents/demo/c.txt': 'C\n' },
    [unread('agents/demo/b.MD', 'agents/demo/b.md'), unread('agents/demo/c.txt')],
  ],
  [
    'files that are no partials',
    { 'shared/x.txt': 'X\n', 'shared/x/y.md': 'Y\n' },
    [unread('shared/x.txt'), unread('shared/x/y.md')],
  ],
  [
    'what a group does not name',
    { ...GROUP, 'skills/g/old.md': '# Old\n', 'skills/g/notes.txt': 'Notes\n' },
    [unread('skills/g/notes.txt'), unread('skills/g/old.md')],
  ],
])('tellUnread() tells %s', (_, files, expected) => {
  expect(told(files)).toEqual(expected)
})

function inside(name: string): Files {
  return { [`skills/${name}/g/config.yaml`]: CONFIG, [`skills/${name}/g/t.md`]: '# T\n' }
}

test.each<[string, Files]>([
  [
    'notes for people and what editors leave',
    {
      'skills/plain/README.md': 'Read.\n',
      'skills/plain/LICENSE.txt': 'MIT\n',
      'skills/g/CHANGELOG.md': 'New.\n',
      'skills/docs/README.md': 'Read.\n',
      'agents/demo/task.md~': 'Old.\n',
      'agents/demo/#task.md#': 'Old.\n',
      'shared/.part.md.swp': 'Old.\n',
      'skills/g/config.yaml.orig': 'Old.\n',
      LICENSE: 'MIT\n',
      ...GROUP,
    },
  ],
  [
    'a template of one variant, and documents of the tree',
    {
      'skills/g/config.yaml': `${CONFIG.replace('web}', 'web, template: own/w.md}')}shared_docs: [near.md, guides/far.md]\n`,
      'skills/g/t.md': '# T\n',
      'skills/g/own/w.md': '# W\n',
      'skills/g/near.md': '# Near\n',
      'guides/far.md': '# Far\n',
      'docs.yaml': '- {id: one, display_name: One, description: One, urls: [skills/in-docs.md]}\n',
      'skills/in-docs.md': '# In docs\n',
    },
  ],
  ['a folder with another purpose', { 'drawings/flow.svg': '<svg/>', 'tools/x/SKILL.md': '# No skill\n' }],
])('tellUnread() is silent about %s', (_, files) => {
  expect(told(files).filter((line) => line.includes('not-served'))).toEqual([])
})

test('tellUnread() tells a script that none of those that are served imports', async () => {
  const files = {
    ...GROUP,
    'skills/g/scripts/run.ts': "import './part.js'\nimport '../lib/deep.ts'\nimport './facts.json'\n",
    'skills/g/scripts/part.ts': 'console.log(1)\n',
    'skills/g/lib/deep.ts': 'console.log(2)\n',
    'skills/g/scripts/facts.json': '{}\n',
    'skills/g/scripts/old.mjs': 'console.log(3)\n',
    'skills/g/scripts/more/x.ts': 'console.log(4)\n',
    'skills/plain/scripts/served.mjs': 'console.log(5)\n',
    'skills/plain/scripts/lost.mts': 'console.log(6)\n',
  }
  expect(await toldWithScripts(files)).toEqual(
    ['g/scripts/more/x.ts', 'g/scripts/old.mjs', 'plain/scripts/lost.mts'].map((path) =>
      unread(`skills/${path}`),
    ),
  )
})

test('tellUnread() does not guess what a broken group or a broken script reads', async () => {
  const broken = { 'skills/g/config.yaml': 'template: [\n', 'skills/g/t.md': '# T\n' }
  expect(told(broken)).toEqual(['skills/g/config.yaml parse/yaml'])
  const script = { ...GROUP, 'skills/g/scripts/run.ts': 'import (', 'skills/g/scripts/part.mjs': '1\n' }
  expect(await toldWithScripts(script)).toEqual(['skills/g/scripts/run.ts scripts/bundle'])
})

test('tellUnread() is silent about an example app inside the content root', () => {
  const config = CONFIG.replace('web}', 'web, example_paths: content/skills/g/app}')
  const app = [{ path: 'index.js', bytes: new TextEncoder().encode('1\n') }]
  const files = { ...GROUP, 'skills/g/config.yaml': config, 'skills/g/app/index.js': '1\n' }
  expect(told(files, { examples: new Map([['content/skills/g/app', app]]) })).toEqual([])
})
