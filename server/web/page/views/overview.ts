import type { ReleaseView, SkillView } from '../../../catalog/release-view.ts'
import { h } from '../element.ts'
import type { Scene, Stage } from '../scene.ts'
import { bytes, count, grouped, short } from '../words.ts'
import { channelMarks, followed } from './channels.ts'
import { picture } from './flow.ts'
import { facts, heading, link, moment, notice, statusBadge, waiting } from './parts.ts'

/** What a channel answers with, at a glance: its state, its flows drawn, its skills in a table. */
export function overview(scene: Scene, { channel, release }: Stage): HTMLElement {
  return h(
    'article',
    {},
    heading(channel.channel, statusBadge(channel), channelMarks(channel)),
    facts([
      ['Follows', followed(channel)],
      channel.pointer !== null &&
        channel.pointer.commit !== null && [
          'Commit',
          h('code', { title: channel.pointer.commit }, short(channel.pointer.commit)),
        ],
      channel.release !== null && ['Release', h('code', { title: channel.release }, short(channel.release))],
      channel.pointer !== null && ['Serial', channel.pointer.serial],
      channel.pointer !== null && ['Published', moment(channel.pointer.publishedAt, scene.now)],
      release.value && [
        'Holds',
        `${count(release.value.artifacts, 'artifact')}, ${bytes(release.value.size)}`,
      ],
    ]),
    honestWords({ channel, release }),
    channel.release === null
      ? null
      : release.value === undefined
        ? waiting(release)
        : contents(scene, channel.channel, release.value),
  )
}

/** What somebody who trusts a channel has to know about it first. */
export function honestWords({ channel }: Stage): HTMLElement | null {
  const { channel: name, status, errors, pointer, pin } = channel
  const findings = link({ view: 'findings', channel: name }, {}, count(errors, 'error'))
  if (status === 'empty') {
    return notice(
      'warning',
      'Nothing to serve yet: ',
      errors > 0 ? ['the last build has ', findings] : 'no build has come to an end',
      '.',
    )
  }
  if (status === 'retired')
    return notice('warning', 'The branch is gone. The channel keeps answering with its last release.')
  if (pin !== undefined)
    return notice(
      'warning',
      'The channel is pinned: what is built for it is not served until it is unpinned.',
    )
  if (status === 'stale' && pointer !== null) {
    return notice('error', 'The last build has ', findings, '. The last good release is served.')
  }
  if (status === 'stale')
    return notice(
      'error',
      'The tree has never been without errors: only what is sound of it is served. See ',
      findings,
      '.',
    )
  return null
}

function contents(scene: Scene, channel: string, release: ReleaseView): (HTMLElement | null)[] {
  const flows = release.flows.map((flow) =>
    h(
      'section',
      { 'data-key': flow.flow },
      h(
        'h2',
        {},
        link({ view: 'flow', channel, flow: flow.flow }, {}, h('code', {}, flow.flow)),
        h('small', {}, count(flow.agents.length, 'task')),
      ),
      picture(scene, channel, flow),
    ),
  )
  return [
    ...(flows.length === 0 ? [notice('quiet', 'This release has no flows.')] : flows),
    skillTable(channel, release.skills),
    docTable(channel, release),
  ]
}

function skillTable(channel: string, skills: readonly SkillView[]): HTMLElement {
  if (skills.length === 0) return notice('quiet', 'This release has no skills.')
  return h(
    'section',
    { 'data-key': 'skills' },
    h('h2', {}, 'Skills', h('small', {}, count(skills.length, 'skill'))),
    h(
      'table',
      { class: 'stacking' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Skill', 'What it is for', 'Used by', 'Tokens', 'Size'].map((title) =>
            h('th', { scope: 'col' }, title),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        skills.map((skill) => skillRow(channel, skill)),
      ),
    ),
  )
}

function skillRow(channel: string, { id, description, usedBy, tokens, size }: SkillView): HTMLElement {
  const to = { view: 'text', channel, kind: 'skill', name: id, path: 'SKILL.md', raw: false } as const
  return h(
    'tr',
    { 'data-key': id },
    h('th', { scope: 'row' }, link(to, {}, h('code', {}, id))),
    h('td', { 'data-title': '' }, description),
    h(
      'td',
      { 'data-title': 'Used by', class: 'number' },
      usedBy.length === 0 ? '–' : count(usedBy.length, 'prompt'),
    ),
    h('td', { 'data-title': 'Tokens', class: 'number' }, grouped(tokens.total)),
    h('td', { 'data-title': 'Size', class: 'number' }, bytes(size)),
  )
}

function docTable(channel: string, { docs }: ReleaseView): HTMLElement | null {
  if (docs.length === 0) return null
  return h(
    'section',
    { 'data-key': 'docs' },
    h('h2', {}, 'Documents', h('small', {}, count(docs.length, 'document'))),
    h(
      'ul',
      { class: 'bare' },
      docs.map(({ id, name, description }) =>
        h(
          'li',
          { 'data-key': id },
          link({ view: 'text', channel, kind: 'doc', name: id, path: '', raw: false }, {}, name),
          ' ',
          h('span', { class: 'quiet' }, description),
        ),
      ),
    ),
  )
}
