import { styleText } from 'node:util'
import { visible } from '../../schemas/hidden-text.ts'
import type { FileChange, ItemChange } from './changes.ts'
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

interface Page {
  readonly paint: Paint
  readonly repeated: ReturnType<typeof repetitions>
}

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** A diff for a terminal. */
export function diffText(diff: ReleaseDiff, { colours }: { readonly colours: boolean }): string {
  const paint: Paint = colours
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text
  const head = [visible(`${tellSide(diff.before)} → ${tellSide(diff.after)}`)]
  if (diff.surfaces.length === 0) return `${[...head, tellNothing(diff)].join('\n')}\n`
  const page = { paint, repeated: repetitions(diff.surfaces) }
  const blocks = diff.surfaces.flatMap(({ surface, items }) => [
    '',
    paint('bold', HEADINGS[surface]),
    ...items.flatMap((item) => itemLines(item, page)),
  ])
  return `${[...head, ...blocks, '', tellCounts(diff.surfaces)].join('\n')}\n`
}

const MARKS = { added: ['green', '+'], removed: ['red', '-'], changed: ['yellow', '~'] } as const

function itemLines(item: ItemChange, page: Page): string[] {
  const { paint } = page
  const [colour, mark] = MARKS[item.change]
  const facts = tellFacts(item).map(({ text, widens }) =>
    widens ? `    ${paint(['bold', 'red'], `! ${visible(text)}`)}` : `      ${visible(text)}`,
  )
  const tokens = tellTokens(item)
  const head = `  ${paint(colour, mark)} ${paint('bold', visible(item.name))}${tokens === '' ? '' : `  ${paint('dim', tokens)}`}`
  if (item.change === 'removed') return [head]
  return [head, ...facts, ...item.files.flatMap((file) => fileLines(file, item, page))]
}

/** What a new thing says is told by its facts; its texts stand in the tree. */
function fileLines(file: FileChange, item: ItemChange, { paint, repeated }: Page): string[] {
  const [colour, mark] = MARKS[file.change]
  const before = repeated.get(file)
  const head = `      ${paint(colour, mark)} ${visible(file.path)}  ${paint('dim', tellSize(file))}`
  if (before !== undefined) return [`${head}, as in ${visible(before)}`]
  if (item.change === 'added' || file.change !== 'changed') return [head]
  return [head, ...patchLines(file).map((line) => `        ${patchLine(visible(line), paint)}`)]
}

function patchLine(line: string, paint: Paint): string {
  if (line.startsWith('@@')) return paint('cyan', line)
  if (line.startsWith('+')) return paint('green', line)
  return line.startsWith('-') ? paint('red', line) : line
}
