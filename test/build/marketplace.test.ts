import { expect, test } from 'vitest'
import type { Report } from '../../build/finding.ts'
import { openLibrary } from '../../build/library.ts'
import { pluginsOf, validateMarketplace } from '../../build/marketplace.ts'
import { NO_MEMORY, openMemo } from '../../build/memo.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { BundleRecord, SkillRecord } from '../../schemas/release.ts'

const CATEGORIES = new Map([
  ['web', ['web/init', 'web/capture']],
  ['web/init', ['web/init']],
  ['notes', ['notes']],
])

function read(text: string) {
  const diagnostics: Diagnostic[] = []
  const file = { path: 'marketplace.yaml', bytes: Buffer.from(text) }
  const report: Report = (found) => diagnostics.push(found)
  const { memo } = openMemo(NO_MEMORY)
  const yaml = openLibrary([file], { report, memo }).yaml('marketplace.yaml')
  const offers = validateMarketplace(yaml, CATEGORIES, report)
  return {
    offers,
    told: diagnostics.map((d) => `${d.line}:${d.column} ${d.code} ${d.fix?.replacement ?? ''}`),
  }
}

const skill = (category: string, id: string) => ({ category, id }) as SkillRecord
const SKILLS = [
  skill('web/init', 'web-init-next'),
  skill('web/capture', 'web-capture'),
  skill('other', 'other'),
]
const BUNDLES = [{ category: 'notes', variants: [{ id: 'b' }, { id: 'a' }] } as unknown as BundleRecord]

test('validateMarketplace() and pluginsOf() offer the skills of each category, and of all in one', () => {
  const { offers, told } = read(`target_repo: someone/skills
mega_plugin:
  name: everything
  description: All there is
  keywords: [all]
  include_skill_reminder_hook: true
plugins:
  web:
    name: web-setup
    description: The web
    destination: skills/web
  notes:
    name: notes
    description: Notes
`)
  expect(told).toEqual([])
  expect(pluginsOf(offers, SKILLS, BUNDLES)).toEqual([
    {
      name: 'everything',
      description: 'All there is',
      keywords: ['all'],
      skills: ['notes-a', 'notes-b', 'web-capture', 'web-init-next'],
    },
    { name: 'notes', description: 'Notes', keywords: [], skills: ['notes-a', 'notes-b'] },
    { name: 'web-setup', description: 'The web', keywords: [], skills: ['web-capture', 'web-init-next'] },
  ])
})

test('pluginsOf() does not offer a plugin of which no skill is left', () => {
  const { offers } = read('plugins:\n  notes: {name: notes, description: Notes}\n')
  expect(pluginsOf(offers, SKILLS, [])).toEqual([])
})

test.each([
  ['plugins:\n  notse: {name: notes, description: Notes}\n', '2:3 validate/category notes'],
  ['plugins:\n  weather: {name: notes, description: Notes}\n', '2:3 validate/category '],
  [
    'plugins:\n  web: {name: a, description: A}\n  notes: {name: a, description: B}\n',
    '3:17 validate/duplicate-plugin ',
  ],
  ['plugins:\n  web: {nmae: a, description: A}\n', '2:9 validate/unknown-key name'],
  ['plugins:\n  web: {name: A b, description: A}\n', '2:15 validate/value '],
  ['plugins: []\n', '1:10 validate/value '],
])('validateMarketplace() refuses %j at its place', (text, wanted) => {
  expect(read(text).told).toEqual([wanted])
})
