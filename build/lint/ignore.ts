import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { didYouMean } from '../../schemas/suggest.ts'
import { errorAt, type Finding, quote, warningAt } from '../finding.ts'
import type { Library } from '../library.ts'
import { type IgnoreNote, ignoreNotes } from './ignore-notes.ts'

/** Files that notes can stand in. */
const NOTED = /\.(?:md|ya?ml)$/

/** What is known of the codes that a note may name. */
export type Severities = ReadonlyMap<string, Diagnostic['severity']>

/**
 * Takes out the warnings that an author has silenced in place, and tells the notes that silence nothing.
 * Errors cannot be silenced.
 */
export function applyIgnores(
  diagnostics: readonly Diagnostic[],
  library: Pick<Library, 'paths' | 'text'>,
  severities: Severities,
): Diagnostic[] {
  const byPath = Map.groupBy(diagnostics, ({ path }) => path)
  const sources = library.paths.filter((path) => NOTED.test(path)).flatMap((path) => library.text(path) ?? [])
  const notes = sources.flatMap((source) =>
    ignoreNotes(source).map((note) => {
      const problem = problemOf(note, severities)
      const own = problem === undefined ? (byPath.get(source.path) ?? []) : []
      const hits = own.filter((diagnostic) => silences(note, diagnostic))
      return { place: { path: source.path, ...note.at }, note, problem, hits }
    }),
  )
  const silenced = new Set(notes.flatMap(({ hits }) => hits))
  const told = notes.flatMap(({ place, note, problem, hits }) => {
    if (problem !== undefined) return errorAt(place, problem)
    return hits.length > 0 ? [] : warningAt(place, unused(note))
  })
  return [...diagnostics.filter((diagnostic) => !silenced.has(diagnostic)), ...told]
}

function silences(note: IgnoreNote, { code, severity, line }: Diagnostic): boolean {
  if (code !== note.code || severity === 'error') return false
  return note.scope === 'file' || (line >= note.scope.from && line <= note.scope.to)
}

function problemOf({ code, reason }: IgnoreNote, severities: Severities): Finding | undefined {
  const severity = severities.get(code)
  if (severity === undefined) {
    const message = `Cannot silence ${quote(code)}: expected the code of a warning`
    return { code: 'ignore/unknown-code', message, fix: didYouMean(code, severities.keys()) }
  }
  if (severity === 'error') {
    const message = `Cannot silence ${quote(code)}: it is an error, expected the code of a warning`
    return { code: 'ignore/error', message }
  }
  if (reason !== '') return undefined
  const message = `Cannot silence ${quote(code)} without a reason: expected "mill-ignore ${code}: why"`
  return { code: 'ignore/no-reason', message }
}

function unused({ code, scope }: IgnoreNote): Finding {
  const where = scope === 'file' ? 'in this file' : 'here'
  const message = `Cannot find what is silenced: there is no ${quote(code)} ${where}, expected a note beside a warning, or none`
  return { code: 'ignore/unused', message, fix: { description: 'Delete the note' } }
}
