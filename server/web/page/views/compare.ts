import type { ChangeView, DiffView } from '../../../catalog/tasks.ts'
import type { Address } from '../address.ts'
import { h } from '../element.ts'
import type { Scene } from '../scene.ts'
import { count, short } from '../words.ts'
import { badge, heading, notice, waiting } from './parts.ts'

/** What differs between the releases of two channels, by who reads it. */
export function comparePage(scene: Scene, address: Extract<Address, { view: 'compare' }>): HTMLElement {
  return h(
    'article',
    {},
    heading('Compare'),
    h(
      'form',
      { class: 'sides' },
      side(scene, { which: 'before', value: address.before, word: 'From' }),
      side(scene, { which: 'after', value: address.after, word: 'to' }),
    ),
    difference(scene, address),
  )
}

interface SideChoice {
  readonly which: 'before' | 'after'
  readonly value: string
  readonly word: string
}

function side({ channels }: Scene, { which, value, word }: SideChoice): HTMLElement {
  const names = channels.value?.channels.map(({ channel }) => channel) ?? []
  const choices = names.includes(value) ? names : [value, ...names]
  return h(
    'label',
    {},
    h('span', {}, word),
    h(
      'select',
      { 'data-compare': which },
      choices.map((name) => h('option', { value: name, selected: name === value }, nameWords(name))),
    ),
  )
}

function nameWords(name: string): string {
  if (name === '') return 'choose a channel'
  return /^[0-9a-f]{64}$/.test(name) ? `release ${short(name)}` : name
}

function difference(scene: Scene, { before, after }: Extract<Address, { view: 'compare' }>) {
  if (scene.channels.value === undefined) return waiting(scene.channels)
  if (before === '' || after === '')
    return notice('quiet', 'Choose two channels to see what changes for those who read them.')
  const [old, now] = [releaseOf(scene, before), releaseOf(scene, after)]
  if (old === undefined || now === undefined) {
    return notice(
      'warning',
      `There is nothing to compare: ${old === undefined ? nameWords(before) : nameWords(after)} has no release.`,
    )
  }
  if (old === now) return notice('quiet', `Both answer with release ${short(now)}: nothing differs.`)
  const reading = scene.feed.read<DiffView>(
    `compare ${before} ${after}`,
    `/catalog/releases/${old}/diff/${now}`,
  )
  return reading.value === undefined ? waiting(reading) : changes(reading.value)
}

function releaseOf({ channels }: Scene, name: string): string | undefined {
  if (/^[0-9a-f]{64}$/.test(name)) return name
  return channels.value?.channels.find(({ channel }) => channel === name)?.release ?? undefined
}

function changes({ surfaces }: DiffView) {
  if (surfaces.length === 0)
    return notice('quiet', 'No thing differs, only the order or the packing of things does.')
  return surfaces.map(({ heading: title, items }) =>
    h(
      'section',
      { 'data-key': title },
      h('h2', {}, title, h('small', {}, count(items.length, 'change'))),
      h('ul', { class: 'changes' }, items.map(change)),
    ),
  )
}

function change(item: ChangeView): HTMLElement {
  return h(
    'li',
    { 'data-key': item.name },
    h(
      'div',
      { class: 'place' },
      badge(item.change, item.change),
      h('code', {}, item.name),
      h('small', {}, item.tokens),
    ),
    item.facts.map(({ text, widens }) => h('p', { class: widens ? 'fact widens' : 'fact' }, text)),
    item.files.map((file) => fileChange(file, item.change === 'changed')),
  )
}

function fileChange(
  { path, change: kind, size, hunks }: ChangeView['files'][number],
  isOpen: boolean,
): HTMLElement {
  const title = [h('code', {}, path), ' ', h('small', {}, `${kind} ${size}`)]
  if (hunks === null || hunks.length === 0) return h('p', { class: 'fact', 'data-key': path }, title)
  return h(
    'details',
    { 'data-key': path, open: isOpen },
    h('summary', {}, title),
    h(
      'pre',
      { class: 'patch', tabindex: '0', 'aria-label': `Changes of ${path}` },
      hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
        h('span', { class: 'line at' }, `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n`),
        ...lines.map((line) => h('span', { class: `line ${MARKS[line.charAt(0)] ?? 'same'}` }, `${line}\n`)),
      ]),
    ),
  )
}

const MARKS: Readonly<Record<string, string>> = { '+': 'gained', '-': 'lost' }
