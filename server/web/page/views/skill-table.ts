import type { SkillView } from '../../../catalog/release-view.ts'
import { h } from '../element.ts'
import { bytes, count, grouped } from '../words.ts'
import { link, notice, table } from './parts.ts'

/** Beyond so many skills, those of one group are one line. */
const MANY = 60

/** True when variants are better looked for in their groups. */
export function isMany(skills: readonly SkillView[]): boolean {
  return skills.length > MANY
}

/** The skills of a release with what they cost; of very many only a line for each group. */
export function skillTable(channel: string, skills: readonly SkillView[]): HTMLElement {
  if (skills.length === 0) return notice('quiet', 'This release has no skills.')
  const groups = [...Map.groupBy(skills, (skill) => (isMany(skills) ? skill.group : skill.id)).values()]
  return h(
    'section',
    { 'data-key': 'skills' },
    h('h2', {}, 'Skills', h('small', {}, count(skills.length, 'skill'))),
    table(
      { class: 'stacking' },
      ['Skill', 'What it is for', 'Used by', 'Tokens', 'Size'],
      groups.map((group) => groupRow(channel, group)),
    ),
  )
}

/** One skill, or a group of variants by the one that clients would take. */
function groupRow(channel: string, variants: readonly SkillView[]): HTMLElement | null {
  const [shown] = [...variants.filter(({ isDefault }) => isDefault), ...variants]
  if (shown === undefined) return null
  const { id, group, description } = shown
  const to = { view: 'text', channel, kind: 'skill', name: id, path: 'SKILL.md', raw: false } as const
  const users = new Set(variants.flatMap(({ usedBy }) => usedBy)).size
  const isGroup = variants.length > 1
  return h(
    'tr',
    { 'data-key': isGroup ? `group ${group}` : id },
    h(
      'th',
      { scope: 'row' },
      link(to, {}, h('code', {}, isGroup ? group : id)),
      isGroup && [' ', h('small', { class: 'quiet' }, count(variants.length, 'variant'))],
    ),
    h('td', { 'data-title': '' }, description),
    h('td', { 'data-title': 'Used by', class: 'number' }, users === 0 ? '–' : count(users, 'prompt')),
    h(
      'td',
      { 'data-title': 'Tokens', class: 'number' },
      span(variants.map(({ tokens }) => tokens.total))
        .map(grouped)
        .join(' – '),
    ),
    h(
      'td',
      { 'data-title': 'Size', class: 'number' },
      span(variants.map(({ size }) => size))
        .map(bytes)
        .join(' – '),
    ),
  )
}

/** The least and the most; one number when they are the same. */
function span(numbers: readonly number[]): readonly number[] {
  return [...new Set([Math.min(...numbers), Math.max(...numbers)])]
}
