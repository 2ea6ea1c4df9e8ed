import type { ChannelView } from '../../../catalog/channel-views.ts'
import type { ReleaseView } from '../../../catalog/release-view.ts'
import { type Child, h } from '../element.ts'
import type { Scene, Stage } from '../scene.ts'
import { bytes, count } from '../words.ts'
import { channelMarks, followed } from './channels.ts'
import { picture } from './flow.ts'
import { abbreviated, facts, heading, link, moment, notice, statusBadge, waiting } from './parts.ts'
import { skillTable } from './skill-table.ts'

/** What a channel answers with, at a glance: its state, its flows drawn, its skills in a table. */
export function overview(scene: Scene, { channel, release }: Stage): HTMLElement {
  return h(
    'article',
    {},
    heading(channel.channel, statusBadge(channel), channelMarks(channel)),
    facts([
      ['Follows', followed(channel)],
      channel.pointer !== null &&
        channel.pointer.commit !== null && ['Commit', abbreviated(channel.pointer.commit)],
      channel.release !== null && ['Release', abbreviated(channel.release)],
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
export function honestWords(stage: Stage): Child {
  const isRewound = stage.channel.rewound === true
  return [
    statusWords(stage),
    isRewound &&
      notice(
        'warning',
        'The branch was moved back or aside: what is served does not come after what was served before.',
      ),
  ]
}

function statusWords({ channel }: Stage): HTMLElement | null {
  const { channel: name, status, errors, pointer } = channel
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
  if (channel.pin !== undefined) return pinWords(channel)
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

function pinWords({ channel, release, newest, errors }: ChannelView): HTMLElement {
  const failed =
    errors === 0
      ? []
      : [' The last build has ', link({ view: 'findings', channel }, {}, count(errors, 'error')), '.']
  const next =
    newest === undefined || release === null || newest.release === release
      ? []
      : [
          ' Its newest build is ',
          abbreviated(newest.release),
          ': ',
          link({ view: 'compare', before: release, after: newest.release }, {}, 'what would change'),
          '.',
        ]
  return notice(
    'warning',
    'The channel is pinned: what is built for it is not served until it is unpinned.',
    ...next,
    ...failed,
  )
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
