import { displayWidth, plainText, shortModel, toColumns } from '../tui/text.ts'

/** Columns that go where there is no room for all, the first in front; the file of the report has them. */
const DISPENSABLE = ['turns', 'attempts', 'tokens', 'model'] as const
/** The column whose texts are cut when nothing else helps. */
const ELASTIC = 'type'
const NARROWEST = 6

type Rows = readonly (readonly string[])[]

/** A Markdown table, the first row its head, that also reads well where nobody renders it, in so many columns. */
export function taskTable(rows: Rows, columns: number): string {
  const [first = []] = rows
  const whole = rows.map((row) => row.map((text) => plainText(text).replaceAll('|', '\\|')))
  let table = widthOf(whole) <= columns ? whole : withShortModels(whole)
  for (const name of DISPENSABLE) {
    if (widthOf(table) > columns) table = without(table, name)
  }
  const widths = widthsOf(table)
  const at = (table[0] ?? first).indexOf(ELASTIC)
  const over = Math.max(0, widthOf(table) - columns)
  if (at >= 0 && over > 0) widths[at] = Math.max(NARROWEST, (widths[at] ?? 0) - over)
  return drawn(table, widths)
}

function drawn([head = [], ...body]: Rows, widths: readonly number[]): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => toColumns(text, widths[column] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)].join('\n')
}

function withShortModels([head = [], ...body]: Rows): Rows {
  const at = head.indexOf('model')
  return [head, ...body.map((row) => row.map((text, column) => (column === at ? shortModel(text) : text)))]
}

function without(rows: Rows, name: string): Rows {
  const at = rows[0]?.indexOf(name) ?? -1
  return at < 0 ? rows : rows.map((row) => row.toSpliced(at, 1))
}

function widthsOf(rows: Rows): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))))
}

/** Of the whole table, its lines between columns included. */
function widthOf(rows: Rows): number {
  const widths = widthsOf(rows)
  return widths.reduce((sum, width) => sum + width + 3, 1)
}
