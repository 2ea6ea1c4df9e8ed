import { visible } from '../../schemas/hidden-text.ts'
import type { FileChange, ItemChange, SurfaceChange } from './changes.ts'
import {
  HEADINGS,
  patchLines,
  type ReleaseDiff,
  repetitions,
  tellCounts,
  tellFacts,
  tellNothing,
  tellSide,
  tellSize,
  tellTokens,
} from './words.ts'

/** Characters that a comment may have, with room for what goes around it. */
export const MAX_MARKDOWN = 60_000
/** Characters of the part that lists what changed; texts get the rest. */
const MAX_LIST = 40_000

/** A diff for a comment on a pull request; patches that do not fit are left out, the last first. */
export function diffMarkdown(diff: ReleaseDiff): string {
  const head = [
    '### What changes in the built artifacts',
    '',
    `${sideOf(diff.before)} → ${sideOf(diff.after)}`,
  ]
  if (diff.surfaces.length === 0) return `${[...head, '', sentence(tellNothing(diff))].join('\n')}\n`
  const entries = listed(diff.surfaces)
  let room = MAX_MARKDOWN - sizeOf(entries)
  const body = entries.flatMap(({ lines, patches }) => [
    ...lines,
    ...patches.flatMap(({ text, without }) => {
      room -= text.length - without.length
      if (room > 0) return [text]
      room += text.length - without.length
      return [without]
    }),
  ])
  const widened = widenings(diff.surfaces)
  return `${[...head, '', sentence(tellCounts(diff.surfaces)), ...widened, ...body].join('\n')}\n`
}

type Repetitions = ReturnType<typeof repetitions>

interface Entry {
  readonly lines: readonly string[]
  readonly patches: readonly { readonly text: string; readonly without: string }[]
}

/** Every change as list items, as many as fit. */
function listed(surfaces: readonly SurfaceChange[]): Entry[] {
  const entries: Entry[] = []
  const repeated = repetitions(surfaces)
  let size = 0
  let leftOut = 0
  for (const { surface, items } of surfaces) {
    entries.push({ lines: ['', `#### ${HEADINGS[surface]}`, ''], patches: [] })
    for (const item of items) {
      const entry = entryOf(item, repeated)
      size += sizeOf([entry])
      if (size > MAX_LIST) leftOut += 1
      else entries.push(entry)
    }
  }
  if (leftOut === 0) return entries
  const lines = ['', `… and ${leftOut} more, too many for a comment: \`mill diff\` shows them.`]
  return [...entries, { lines, patches: [] }]
}

function sizeOf(entries: readonly Entry[]): number {
  return entries
    .flatMap(({ lines, patches }) => [...lines, ...patches.map(({ without }) => without)])
    .reduce((sum, line) => sum + line.length + 1, 0)
}

function entryOf(item: ItemChange, repeated: Repetitions): Entry {
  const tokens = tellTokens(item)
  const head = `- ${code(item.name)} ${item.change}${tokens === '' ? '' : `, ${tokens}`}`
  if (item.change === 'removed') return { lines: [head], patches: [] }
  const facts = tellFacts(item).map(({ text, widens }) =>
    widens ? `  - ⚠️ **${escaped(text)}**` : `  - ${escaped(text)}`,
  )
  const shown = item.files.map((file) => patchOf(file, item.change === 'added', repeated.get(file)))
  return { lines: [head, ...facts], patches: shown }
}

function patchOf(file: FileChange, isNew: boolean, before: string | undefined): Entry['patches'][number] {
  const without = `  - ${code(file.path)} ${file.change}, ${tellSize(file)}${before === undefined ? '' : `, as in ${code(before)}`}`
  const lines =
    isNew || before !== undefined || file.change !== 'changed' ? [] : patchLines(file).map(visible)
  if (lines.length === 0) return { text: without, without }
  const fence = fenceFor(lines)
  const summary = `<details><summary><code>${html(oneLine(file.path)).replaceAll('@', '&#64;')}</code> ${tellSize(file)}</summary>`
  const block = ['', summary, '', `${fence}diff`, ...lines, fence, '', '</details>', '']
  return { text: block.map((line) => (line === '' ? line : `  ${line}`)).join('\n'), without }
}

/** What agents may do that they could not: told first, since it is what a reviewer must not miss. */
function widenings(surfaces: readonly SurfaceChange[]): string[] {
  const lines = surfaces.flatMap(({ items }) =>
    items.flatMap((item) =>
      tellFacts(item)
        .filter(({ widens }) => widens)
        .map(({ text }) => `> - ${code(item.name)} **${escaped(text)}**`),
    ),
  )
  const shown = lines.slice(0, 50)
  const more = lines.length - shown.length
  return lines.length === 0
    ? []
    : [
        '',
        '> [!WARNING]',
        '> Agents may do more than before:',
        ...shown,
        ...(more > 0 ? [`> - … and ${more} more`] : []),
      ]
}

function sideOf(side: ReleaseDiff['before']): string {
  return escaped(tellSide(side))
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** A fence that nothing in the lines can close. */
function fenceFor(lines: readonly string[]): string {
  const longest = lines.flatMap((line) => line.match(/`{3,}/g) ?? []).map((run) => run.length)
  return '`'.repeat(Math.max(2, ...longest) + 1)
}

function code(text: string): string {
  const shown = oneLine(text)
  const ticks = '`'.repeat(Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length)) + 1)
  return ticks.length === 1 ? `\`${shown}\`` : `${ticks} ${shown} ${ticks}`
}

/** Text in which nothing is markup, no person is called, and no address is a link. */
function escaped(text: string): string {
  return html(oneLine(text))
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll('://', ':&#47;&#47;')
}

function oneLine(text: string): string {
  return visible(text).replaceAll(/\s+/g, ' ')
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
