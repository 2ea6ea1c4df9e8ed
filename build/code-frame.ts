import type { Diagnostic } from '../schemas/diagnostic.ts'
import { visible } from '../schemas/hidden-text.ts'
import type { SourceFile } from './release.ts'

/** The line of a finding and two lines on either side, with nothing hidden in them. */
export interface CodeFrame {
  /** Number of the first line that is shown. */
  readonly first: number
  readonly lines: readonly string[]
  /** What stands before the caret under the line of the finding: spaces and tabs. */
  readonly indent: string
}

/** Cuts the frame of a finding from the lines of its file; undefined when there is nothing that may be shown. */
export function codeFrame(
  { line, column, code }: Diagnostic,
  lines: readonly string[],
): CodeFrame | undefined {
  // A log is read by more people than the file.
  if (line > lines.length || code === 'safety/secret') return undefined
  const first = Math.max(1, line - 2)
  const shown = lines.slice(first - 1, line + 2)
  const source = shown[line - first] ?? ''
  const { shift } = cut(source, column)
  const before = visible(source.slice(shift, column - 1)).replace(/[^\t]/gu, ' ')
  return {
    first,
    lines: shown.map((text, at) => cut(text, first + at === line ? column : 1).text),
    indent: `${shift > 0 ? ' ' : ''}${before}`,
  }
}

/** The lines that frames are cut from. */
export function sourceLines(file: SourceFile | undefined): string[] {
  if (file === undefined) return []
  return new TextDecoder().decode(file.bytes).replaceAll('\r\n', '\n').split('\n')
}

const MAX_WIDTH = 160

/** The part of a long line that holds the column. */
function cut(line: string, column: number): { readonly text: string; readonly shift: number } {
  if (line.length <= MAX_WIDTH) return { text: visible(line), shift: 0 }
  const shift = column < MAX_WIDTH - 20 ? 0 : column - 80
  const text = visible(line.slice(shift, shift + MAX_WIDTH))
  return { text: `${shift > 0 ? '…' : ''}${text}${shift + MAX_WIDTH < line.length ? '…' : ''}`, shift }
}
