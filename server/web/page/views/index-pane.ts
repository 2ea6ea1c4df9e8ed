import type { ReleaseView, SkillView } from '../../../catalog/release-view.ts'
import { type Address, addressOf } from '../address.ts'
import { type Child, h } from '../element.ts'
import type { Scene, Stage } from '../scene.ts'
import { link, waiting } from './parts.ts'
import { isMany } from './skill-table.ts'

/** Everything a channel answers with, as a list beside what is shown. */
export function indexPane(scene: Scene, { channel, release }: Stage): HTMLElement {
  const here = addressOf(scene.address).replace(/\?.*$/, '')
  const entry = (to: Address, ...words: readonly Child[]) =>
    link(to, { 'aria-current': addressOf(to) === here ? 'page' : null }, ...words)
  return h(
    'nav',
    { class: 'index', 'aria-label': `Contents of ${channel.channel}` },
    release.value === undefined
      ? channel.release !== null && waiting(release)
      : [
          flows(channel.channel, release.value, entry),
          skills({ channel: channel.channel, shown: shownSkill(scene) }, release.value, entry),
          docs(channel.channel, release.value, entry),
        ],
  )
}

type Entry = (to: Address, ...words: readonly Child[]) => HTMLElement

function flows(channel: string, release: ReleaseView, entry: Entry): HTMLElement[] {
  return release.flows.map(({ flow, agents }) =>
    h(
      'section',
      { 'data-key': flow },
      h('h2', {}, entry({ view: 'flow', channel, flow }, flow)),
      h(
        'ul',
        {},
        agents.map(({ type, marks }) =>
          h(
            'li',
            { 'data-key': type },
            entry(
              { view: 'text', channel, kind: 'agent', name: flow, path: type, raw: false },
              type,
              marks.map((mark) => h('small', {}, mark)),
            ),
          ),
        ),
      ),
    ),
  )
}

/** The skill that is looked at. */
function shownSkill({ address }: Scene): string | undefined {
  return address.view === 'text' && address.kind === 'skill' ? address.name : undefined
}

interface Place {
  readonly channel: string
  readonly shown: string | undefined
}

function skills({ channel, shown }: Place, release: ReleaseView, entry: Entry): HTMLElement | null {
  if (release.skills.length === 0) return null
  const one = ({ id }: SkillView, ...words: readonly Child[]) =>
    h(
      'li',
      { 'data-key': id },
      entry({ view: 'text', channel, kind: 'skill', name: id, path: 'SKILL.md', raw: false }, ...words),
    )
  const groups = [...Map.groupBy(release.skills, ({ group }) => group)]
  return h(
    'section',
    { 'data-key': 'skills' },
    h('h2', {}, h('span', {}, 'Skills')),
    h(
      'ul',
      {},
      groups.map(([group, variants]) => {
        const [only, ...others] = variants
        if (only !== undefined && others.length === 0) return one(only, only.id)
        // Of very many, only the group in which one is is open.
        const isFolded = isMany(release.skills) && !variants.some(({ id }) => id === shown)
        if (only !== undefined && isFolded) return one(only, group, h('small', {}, variants.length))
        return h(
          'li',
          { 'data-key': `group ${group}` },
          h('span', { class: 'group' }, group),
          h(
            'ul',
            { class: 'variants' },
            variants.map((skill) => one(skill, variantOf(skill))),
          ),
        )
      }),
    ),
  )
}

/** Name of a variant in its group. */
export function variantOf({ id, group }: SkillView): string {
  return id.startsWith(`${group}-`) ? id.slice(group.length + 1) : id
}

function docs(channel: string, release: ReleaseView, entry: Entry): HTMLElement | null {
  if (release.docs.length === 0) return null
  return h(
    'section',
    { 'data-key': 'docs' },
    h('h2', {}, h('span', {}, 'Documents')),
    h(
      'ul',
      {},
      release.docs.map(({ id, name }) =>
        h(
          'li',
          { 'data-key': id },
          entry({ view: 'text', channel, kind: 'doc', name: id, path: '', raw: false }, name),
        ),
      ),
    ),
  )
}
