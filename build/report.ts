import { posix } from 'node:path'
import { styleText } from 'node:util'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { visible } from '../schemas/hidden-text.ts'
import { codeFrame, sourceLines } from './code-frame.ts'
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

/** The lines around the finding, and a caret under the column. */
function frame(diagnostic: Diagnostic, lines: readonly string[], paint: Paint): string {
  const cut = codeFrame(diagnostic, lines)
  if (cut === undefined) return ''
  const width = String(cut.first + cut.lines.length - 1).length
  const gutter = (number: string) => paint('dim', `${number.padStart(width)} |`)
  const caret = paint(diagnostic.severity === 'error' ? 'red' : 'yellow', '^')
  return cut.lines
    .map((text, at) => {
      const line = cut.first + at
      if (line !== diagnostic.line) return `  ${gutter(String(line))} ${text}\n`
      return `> ${gutter(String(line))} ${text}\n  ${gutter('')} ${cut.indent}${caret}\n`
    })
    .join('')
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
