import type { ChannelView } from '../../../catalog/channel-views.ts'
import { type Address, addressOf } from '../address.ts'
import { type Attributes, type Child, h } from '../element.ts'
import type { Reading } from '../feed.ts'
import { age, short } from '../words.ts'

/** A link inside the page. */
export function link(address: Address, attributes: Attributes, ...children: readonly Child[]): HTMLElement {
  return h('a', { ...attributes, href: addressOf(address) }, ...children)
}

/** The heading that a view begins with; it takes the focus when the view is come to. */
export function heading(title: Child, ...beside: readonly Child[]): HTMLElement {
  return h('header', { class: 'heading' }, h('h1', { tabindex: '-1' }, title), ...beside)
}

/** A word in a frame. */
export function badge(kind: string, word: string, title?: string): HTMLElement {
  return h('span', { class: `badge ${kind}`, title }, word)
}

/** How a channel is, in one word, and why. */
export function statusBadge({ status, errors }: ChannelView): HTMLElement {
  const why = {
    live: 'answers with its last build',
    stale: `the last build has ${errors} errors: what was served before still is`,
    retired: 'its branch is gone: it answers with its last release',
    empty: 'there is nothing to serve yet',
  }
  return badge(status, status, why[status])
}

/** Names and values, one beside the other. */
export function facts(pairs: readonly (readonly [string, Child] | undefined | false)[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    pairs.map((pair) => pair && h('div', {}, h('dt', {}, pair[0]), h('dd', {}, pair[1]))),
  )
}

/** A digest or a commit by its first digits; it tells the rest to whoever points at it. */
export function abbreviated(id: string): HTMLElement {
  return h('code', { title: id }, short(id))
}

/** A table whose columns have titles. */
export function table(attributes: Attributes, titles: readonly string[], rows: Child): HTMLElement {
  const head = titles.map((title) => h('th', { scope: 'col' }, title))
  return h('table', attributes, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows))
}

/** A moment, by how long ago it was. */
export function moment(at: string, now: number): HTMLElement {
  return h('time', { datetime: at, title: at }, age(at, now))
}

/** Text to be copied, with a button that does. */
export function copyable(label: string, text: string): HTMLElement {
  return h(
    'div',
    { class: 'copyable' },
    h('pre', { tabindex: '0', 'aria-label': label }, h('code', {}, text)),
    h('button', { type: 'button', 'data-copy': text, 'aria-label': `Copy: ${label}` }, 'Copy'),
  )
}

/** A sentence in place of something. */
export function notice(kind: 'quiet' | 'warning' | 'error', ...children: readonly Child[]): HTMLElement {
  return h('p', { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : null }, ...children)
}

/** What stands where something is not there: that it is on its way, or why it is not. */
export function waiting({ problem }: Reading<unknown>): HTMLElement {
  if (problem !== undefined) return notice('error', problem)
  return h('p', { class: 'notice quiet waiting', role: 'status' }, 'Loading …')
}
