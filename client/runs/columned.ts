import { displayWidth, toColumns } from '../tui/text.ts'

/** Rows of texts in straight columns; a column without any text is left out. */
export function columned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  )
  return rows.map((row) =>
    row
      .flatMap((text, column) => (widths[column] === 0 ? [] : [toColumns(text, widths[column] ?? 0)]))
      .join('  ')
      .trimEnd(),
  )
}
