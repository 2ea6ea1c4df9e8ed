import { type Address, addressOf, channelOf } from '../address.ts'
import { type Child, h } from '../element.ts'
import { type Scene, type Stage, stageOf } from '../scene.ts'
import { channelsPage } from './channels.ts'
import { comparePage } from './compare.ts'
import { findingsPage } from './findings.ts'
import { flowView } from './flow.ts'
import { indexPane } from './index-pane.ts'
import { installPage } from './install.ts'
import { overview } from './overview.ts'
import { heading, link, notice, waiting } from './parts.ts'
import { searchPage } from './search.ts'
import { textView } from './text.ts'

/** The whole page: what is always there, and the view of its address. */
export function frame(scene: Scene): HTMLElement {
  const name = channelOf(scene.address) ?? scene.channels.value?.root
  const stage = name === undefined ? undefined : stageOf(scene, name)
  const isOfChannel = channelOf(scene.address) !== undefined
  return h(
    'div',
    { id: 'page', class: isOfChannel && stage !== undefined ? 'with-index' : null },
    h('button', { type: 'button', class: 'skip', 'data-skip': true }, 'Skip to content'),
    bar(scene, name),
    isOfChannel && stage !== undefined && indexPane(scene, stage),
    h('main', { id: 'main', 'data-key': 'main', tabindex: '-1' }, view(scene, stage)),
  )
}

function bar(scene: Scene, name: string | undefined): HTMLElement {
  const { address } = scene
  return h(
    'header',
    { class: 'bar' },
    link({ view: 'channels' }, { class: 'brand' }, 'Context Mill'),
    name !== undefined && channelPicker(scene, name),
    name !== undefined && tabs(address, name),
    name !== undefined && searchField(scene, name),
    connectionMark(scene),
  )
}

function channelPicker({ channels }: Scene, name: string): HTMLElement {
  const names = channels.value?.channels.map(({ channel }) => channel) ?? []
  const choices = names.includes(name) ? names : [name, ...names]
  return h(
    'label',
    { class: 'picker' },
    h('span', { class: 'hidden' }, 'Channel'),
    h(
      'select',
      { 'data-channel': true },
      choices.map((one) => h('option', { value: one, selected: one === name }, one)),
    ),
  )
}

function tabs(address: Address, channel: string): HTMLElement {
  const tab = (to: Address, word: string, isHere: boolean) =>
    link(to, { 'aria-current': isHere ? 'page' : null }, word)
  const isRelease = ['overview', 'flow', 'text'].includes(address.view)
  return h(
    'nav',
    { class: 'views', 'aria-label': 'Views' },
    tab({ view: 'channels' }, 'Channels', address.view === 'channels'),
    tab({ view: 'overview', channel }, 'Release', isRelease),
    tab({ view: 'findings', channel }, 'Findings', address.view === 'findings'),
    tab({ view: 'install', channel }, 'Install', address.view === 'install'),
    tab({ view: 'compare', before: channel, after: '' }, 'Compare', address.view === 'compare'),
  )
}

function searchField({ address, chosen }: Scene, channel: string): HTMLElement {
  const isSearching = address.view === 'search'
  return h(
    'label',
    { class: 'search' },
    h('span', { class: 'hidden' }, `Search ${channel}`),
    h('input', {
      id: 'search',
      type: 'search',
      placeholder: 'Search',
      autocomplete: 'off',
      spellcheck: 'false',
      role: 'combobox',
      'aria-expanded': String(isSearching),
      'aria-controls': 'hits',
      'aria-activedescendant': isSearching && chosen >= 0 ? `hit-${chosen}` : null,
      'aria-keyshortcuts': '/',
      'data-search': channel,
      value: isSearching ? address.query : '',
    }),
    h('kbd', { 'aria-hidden': 'true' }, '/'),
  )
}

function connectionMark({ connection }: Scene): HTMLElement {
  const words = {
    connecting: 'connecting',
    live: 'live',
    asking: 'live, by asking',
    lost: 'no connection',
  }
  return h(
    'span',
    { class: `connection ${connection}`, role: 'status', title: words[connection] },
    h('span', { class: 'hidden' }, words[connection]),
  )
}

function view(scene: Scene, stage: Stage | undefined): Child {
  const { address } = scene
  if (address.view === 'channels') return channelsPage(scene)
  if (address.view === 'compare') return comparePage(scene, address)
  if (stage === undefined) return missing(scene, address.channel)
  if (address.view === 'overview') return overview(scene, stage)
  if (address.view === 'findings') return findingsPage(scene, stage)
  if (address.view === 'install') return installPage(scene, stage)
  if (address.view === 'search') return searchPage(scene, stage, address.query)
  const { channel, release } = stage
  if (channel.release === null) return overview(scene, stage)
  if (release.value === undefined) return waiting(release)
  if (address.view === 'text') {
    return textView(scene, { channel: channel.channel, release: release.value, text: address })
  }
  return flowView(
    scene,
    channel.channel,
    release.value.flows.find(({ flow }) => flow === address.flow),
  )
}

function missing({ channels }: Scene, name: string): Child {
  if (channels.value === undefined) return waiting(channels)
  return [
    heading('No such channel'),
    notice(
      'warning',
      `Nothing is served as "${name}". `,
      h('a', { href: addressOf({ view: 'channels' }) }, 'See what is'),
      '.',
    ),
  ]
}
