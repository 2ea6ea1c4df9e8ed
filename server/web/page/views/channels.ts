import type { ChannelsView, ChannelView } from '../../../catalog/channel-views.ts'
import { h } from '../element.ts'
import type { Scene } from '../scene.ts'
import { count } from '../words.ts'
import { abbreviated, badge, heading, link, moment, notice, statusBadge, table, waiting } from './parts.ts'

/** Every channel: what is live where. */
export function channelsPage(scene: Scene): HTMLElement {
  const { value } = scene.channels
  return h(
    'article',
    {},
    heading('Channels'),
    value !== undefined && value.channels.length > 0 && h('p', { class: 'lead' }, summary(value.channels)),
    value === undefined ? waiting(scene.channels) : channelTable(value, scene.now),
  )
}

function channelTable({ root, channels }: ChannelsView, now: number): HTMLElement {
  if (channels.length === 0)
    return notice('quiet', 'No channel is served yet: the first build is still going on')
  const ordered = [...channels].sort(
    (a, b) => rank(a, root) - rank(b, root) || BY_NUMBERS.compare(a.channel, b.channel),
  )
  const titles = ['Channel', 'Status', 'Follows', 'Commit', 'Release', 'Serial', 'Published', 'Last build']
  const rows = ordered.map((channel) => row(channel, { root, now }))
  return table({ class: 'stacking' }, titles, rows)
}

/** `b2` comes before `b10`. */
const BY_NUMBERS = new Intl.Collator('en', { numeric: true })

/** The one that is asked most comes first, then the work tree and the default branch; those that are gone come last. */
function rank({ channel, status }: ChannelView, root: string): number {
  if (channel === root) return 0
  if (channel === 'dev' || channel === 'main') return 1
  return status === 'retired' ? 3 : 2
}

const STATUSES = ['live', 'stale', 'empty', 'retired'] as const

/** `3 channels: 2 live, 1 stale, 1 pinned` */
function summary(channels: readonly ChannelView[]): string {
  const tell = (word: string, is: (channel: ChannelView) => boolean) => {
    const number = channels.filter(is).length
    return number === 0 ? [] : [`${number} ${word}`]
  }
  const words = [
    ...STATUSES.flatMap((status) => tell(status, (channel) => channel.status === status)),
    ...tell('pinned', ({ pin }) => pin !== undefined),
    ...tell('rewound', ({ rewound }) => rewound === true),
  ]
  return `${count(channels.length, 'channel')}: ${words.join(', ')}`
}

function row(
  channel: ChannelView,
  { root, now }: { readonly root: string; readonly now: number },
): HTMLElement {
  const { pointer } = channel
  return h(
    'tr',
    { 'data-key': channel.channel, class: channel.status },
    h(
      'th',
      { scope: 'row' },
      link({ view: 'overview', channel: channel.channel }, { class: 'strong' }, channel.channel),
      channel.channel === root && badge('root', 'root', 'answers at /'),
      channelMarks(channel),
    ),
    h('td', { 'data-title': 'Status' }, statusBadge(channel)),
    h('td', { 'data-title': 'Follows' }, followed(channel)),
    h('td', { 'data-title': 'Commit' }, pointer?.commit ? abbreviated(pointer.commit) : '–'),
    h('td', { 'data-title': 'Release' }, channel.release === null ? '–' : abbreviated(channel.release)),
    h('td', { 'data-title': 'Serial', class: 'number' }, pointer?.serial ?? '–'),
    h('td', { 'data-title': 'Published' }, pointer === null ? 'never' : moment(pointer.publishedAt, now)),
    h('td', { 'data-title': 'Last build' }, buildWords(channel)),
  )
}

/** What a channel is besides its status. */
export function channelMarks(channel: ChannelView): (HTMLElement | false)[] {
  return [
    channel.pin !== undefined && badge('pinned', 'pinned', 'answers with its pin, whatever is built'),
    channel.rewound === true && badge('stale', 'rewound', 'its branch went back, or was written anew'),
  ]
}

/** What a channel is made from. */
export function followed({ branch, status }: ChannelView): HTMLElement | string {
  if (branch !== null) return h('code', {}, branch)
  return status === 'retired' ? 'a branch that is gone' : 'the work tree'
}

function buildWords({ channel, errors, warnings }: ChannelView): HTMLElement | string {
  if (errors + warnings === 0) return 'no findings'
  const words = [errors > 0 && count(errors, 'error'), warnings > 0 && count(warnings, 'warning')]
  const kind = errors > 0 ? 'error' : 'warning'
  return link({ view: 'findings', channel }, { class: `text-${kind}` }, words.filter(Boolean).join(', '))
}
