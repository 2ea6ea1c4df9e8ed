import { posix } from 'node:path'
import { styleText } from 'node:util'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { visible } from '../schemas/hidden-text.ts'
import type { SourceFile } from './release.ts'
import { sarifLog } from './sarif.ts'

/** Ways to print findings: for people, for programs, for code hosts, for annotations on a pull request. */
export const FORMATS = ['pretty', 'json', 'sarif', 'github'] as const
export type Format = (typeof FORMATS)[number]

/** How findings are printed. */
export interface ReportOptions {
  readonly format: Format
  /** The content folder as the user named it; it goes in front of every path. */
  readonly root: string
  /** Files that code frames are cut from. */
  readonly sources: Iterable<SourceFile>
  readonly colours?: boolean
}

/** Prints findings, in the order given. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: ReportOptions): string {
  const rooted = diagnostics.map((diagnostic) => ({
    ...diagnostic,
    path: inRoot(options.root, diagnostic.path),
  }))
  if (options.format === 'json') return `${JSON.stringify({ diagnostics: rooted })}\n`
  if (options.format === 'sarif') return sarifLog(rooted)
  if (options.format === 'github') return rooted.map(annotation).join('')
  const paint = options.colours === true ? painted : (_: Style, text: string) => text
  const files = new Map([...options.sources].map((file) => [file.path, file]))
  const texts = new Map<string, string[]>()
  const linesOf = (path: string) => {
    const lines = texts.get(path) ?? sourceLines(files.get(path))
    texts.set(path, lines)
    return lines
  }
  const blocks = diagnostics.map((diagnostic, at) =>
    pretty(rooted[at] ?? diagnostic, linesOf(diagnostic.path), paint),
  )
  return [...blocks, `${summary(diagnostics)}\n`].join('\n')
}

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

/** Whether there are colours was decided by whoever knows the terminal. */
function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false })
}

function inRoot(root: string, path: string): string {
  if (path === '') return root
  return root === '' ? path : posix.join(root.replaceAll('\\', '/'), path)
}

function pretty(diagnostic: Diagnostic, lines: readonly string[], paint: Paint): string {
  const { path, line, column, severity, code, message, fix } = diagnostic
  const colour = severity === 'error' ? 'red' : 'yellow'
  const head = `${paint('bold', visible(`${path}:${line}:${column}`))}  ${paint(colour, severity)}  ${paint('dim', code)}  ${visible(message)}\n`
  const hint = fix === undefined ? '' : `  ${paint('cyan', 'fix')}  ${visible(fix.description)}\n`
  return head + frame(diagnostic, lines, paint) + hint
}

/** The line of the finding, two lines on either side, and a caret under the column. */
function frame({ line, column, severity, code }: Diagnostic, lines: readonly string[], paint: Paint): string {
  // A log is read by more people than the file.
  if (line > lines.length || code === 'safety/secret') return ''
  const first = Math.max(1, line - 2)
  const shown = lines.slice(first - 1, line + 2)
  const width = String(first + shown.length - 1).length
  const gutter = (number: string) => paint('dim', `${number.padStart(width)} |`)
  return shown
    .map((source, at) => {
      if (first + at !== line) return `  ${gutter(String(first + at))} ${cut(source, 1).text}\n`
      const { text, shift } = cut(source, column)
      const before = visible(source.slice(shift, column - 1)).replace(/[^\t]/gu, ' ')
      const caret = paint(severity === 'error' ? 'red' : 'yellow', '^')
      return `> ${gutter(String(line))} ${text}\n  ${gutter('')} ${shift > 0 ? ' ' : ''}${before}${caret}\n`
    })
    .join('')
}

const MAX_WIDTH = 160

/** The part of a long line that holds the column. */
function cut(line: string, column: number): { readonly text: string; readonly shift: number } {
  if (line.length <= MAX_WIDTH) return { text: visible(line), shift: 0 }
  const shift = column < MAX_WIDTH - 20 ? 0 : column - 80
  const text = visible(line.slice(shift, shift + MAX_WIDTH))
  return { text: `${shift > 0 ? '…' : ''}${text}${shift + MAX_WIDTH < line.length ? '…' : ''}`, shift }
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  if (diagnostics.length === 0) return 'no problems found'
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function sourceLines(file: SourceFile | undefined): string[] {
  if (file === undefined) return []
  return new TextDecoder().decode(file.bytes).replaceAll('\r\n', '\n').split('\n')
}

/** One workflow command of GitHub Actions; its escapes keep a message from ending the line or the property. */
function annotation({ path, line, column, severity, code, message, fix }: Diagnostic): string {
  const properties = `file=${property(path)},line=${line},col=${column},title=${property(code)}`
  return `::${severity} ${properties}::${escaped(fix === undefined ? message : `${message}\n${fix.description}`)}\n`
}

function escaped(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
