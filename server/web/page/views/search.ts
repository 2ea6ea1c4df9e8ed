import type { ReleaseView } from '../../../catalog/release-view.ts'
import type { TextHit } from '../../../catalog/search-texts.ts'
import { type Address, addressOf } from '../address.ts'
import { h } from '../element.ts'
import type { Scene, Stage } from '../scene.ts'
import { count } from '../words.ts'
import { heading, notice, waiting } from './parts.ts'

/** Something that was found, and where it is. */
export interface Hit {
  readonly to: Address
  readonly kind: string
  readonly title: string
  readonly words: string
}

/** Names that are told; text hits follow them. */
const MAX_NAMES = 30

/** What a query finds in the names, descriptions and texts of a channel's release. */
export function searchPage(scene: Scene, stage: Stage, query: string): HTMLElement {
  const { value } = stage.release
  if (value === undefined) return h('article', {}, heading('Search'), waiting(stage.release))
  const hits = hitsOf(scene, stage, query)
  const words =
    query.trim() === ''
      ? 'Type to search names, descriptions and texts.'
      : hits.length === 0
        ? `Nothing in ${stage.channel.channel} holds "${query}".`
        : ''
  return h(
    'article',
    {},
    heading('Search', h('small', { role: 'status' }, hits.length > 0 && count(hits.length, 'hit'))),
    words !== '' && notice('quiet', words),
    h(
      'div',
      { id: 'hits', class: 'hits', role: 'listbox', 'aria-label': 'Hits' },
      hits.map((hit, at) => option(hit, at, at === scene.chosen)),
    ),
  )
}

function option({ to, kind, title, words }: Hit, at: number, isChosen: boolean): HTMLElement {
  return h(
    'a',
    {
      role: 'option',
      id: `hit-${at}`,
      href: addressOf(to),
      'aria-selected': String(isChosen),
      'data-key': `${kind} ${addressOf(to)}`,
    },
    h('span', { class: 'kind' }, kind),
    h('code', {}, title),
    h('span', { class: 'quiet' }, words),
  )
}

/** Hits in the order in which they are shown: names first, the best of them before the others. */
export function hitsOf(scene: Scene, { channel, release }: Stage, query: string): readonly Hit[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '' || release.value === undefined) return []
  const named = entriesOf(channel.channel, release.value)
    .map((hit) => ({ hit, score: scoreOf(hit, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_NAMES)
    .map(({ hit }) => hit)
  if (scene.isTyping) return named
  const address = `/catalog/releases/${release.value.release}/search/${encodeURIComponent(query.trim())}`
  const found = scene.feed.read<readonly TextHit[]>(`search ${channel.channel}`, address)
  const texts = (found.isCurrent ? (found.value ?? []) : []).map((hit) => textHit(channel.channel, hit))
  return [...named, ...texts]
}

function scoreOf({ title, words }: Hit, wanted: string): number {
  const name = title.toLowerCase()
  if (name === wanted) return 4
  if (name.startsWith(wanted)) return 3
  if (name.includes(wanted)) return 2
  return words.toLowerCase().includes(wanted) ? 1 : 0
}

function entriesOf(channel: string, { flows, skills, docs }: ReleaseView): Hit[] {
  return [
    ...flows.map(
      ({ flow }): Hit => ({ to: { view: 'flow', channel, flow }, kind: 'flow', title: flow, words: '' }),
    ),
    ...flows.flatMap(({ flow, agents }) =>
      agents.map(({ type, label }): Hit => {
        const to = { view: 'text', channel, kind: 'agent', name: flow, path: type, raw: false } as const
        return { to, kind: 'prompt', title: type, words: [flow, label].filter(Boolean).join(': ') }
      }),
    ),
    ...skills.map(({ id, description }): Hit => {
      return {
        to: { view: 'text', channel, kind: 'skill', name: id, path: 'SKILL.md', raw: false },
        kind: 'skill',
        title: id,
        words: description,
      }
    }),
    ...docs.map(({ id, name, description }): Hit => {
      return {
        to: { view: 'text', channel, kind: 'doc', name: id, path: '', raw: false },
        kind: 'document',
        title: name,
        words: description,
      }
    }),
  ]
}

function textHit(channel: string, { kind, name, path, line, excerpt }: TextHit): Hit {
  const [folder = '', type = ''] = name.split('/')
  const place = kind === 'agent' ? { name: folder, path: type } : { name, path }
  const title = kind === 'skill' ? `${name}/${path}:${line}` : `${name}:${line}`
  return { to: { view: 'text', channel, kind, ...place, raw: false }, kind: 'text', title, words: excerpt }
}
