import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { comparePaths, MAX_FILE_BYTES } from '../content-path.ts'
import { errorAt, warningAt } from '../finding.ts'
import { START } from '../position.ts'
import { examplePlace } from './render.ts'
import type { Skip } from './skip.ts'

/** Files of one example app that are read. */
export const MAX_EXAMPLE_FILES = 5_000

/** Something found in an example app, on disk or in a commit. */
export interface ExampleEntry {
  /** Relative to the app. */
  readonly path: string
  readonly kind: 'file' | 'link' | 'other'
  readonly size: number
}

/** What of an example app is read, sorted by path, and what is refused. */
export interface Selected<Entry> {
  readonly entries: readonly Entry[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Chooses what of an example app is read, by the same rules wherever it stands. */
export function selectExample<Entry extends ExampleEntry>(
  example: string,
  found: readonly Entry[],
  skip: Skip,
): Selected<Entry> {
  const considered = found.filter(({ path }) => !skip(path)).sort((a, b) => comparePaths(a.path, b.path))
  const files = considered.filter(({ kind }) => kind === 'file')
  const diagnostics = [
    ...considered
      .filter(({ kind }) => kind === 'link')
      .map(({ path }) => linkFound(examplePlace(example, path))),
    ...files.filter(({ size }) => size > MAX_FILE_BYTES).map((file) => tooLarge(example, file)),
  ]
  const entries = files.filter(({ size }) => size <= MAX_FILE_BYTES)
  if (entries.length > MAX_EXAMPLE_FILES) diagnostics.push(tooMany(example, entries.length))
  return { entries: entries.slice(0, MAX_EXAMPLE_FILES), diagnostics }
}

/** The finding for a link, which is never followed. */
export function linkFound(path: string): Diagnostic {
  const message = 'Cannot follow a symbolic link in an example: expected the file itself'
  return errorAt({ path, ...START }, { code: 'example/link', message })
}

function tooLarge(example: string, { path, size }: ExampleEntry): Diagnostic {
  const message = `Cannot read a file of ${size} bytes in an example: it is left out, expected at most ${MAX_FILE_BYTES}`
  return warningAt(
    { path: examplePlace(example, path), ...START },
    { code: 'example/file-too-large', message },
  )
}

function tooMany(example: string, count: number): Diagnostic {
  const message = `Cannot read all ${count} files of "${example}": expected at most ${MAX_EXAMPLE_FILES}, or patterns in skip-patterns.yaml`
  return warningAt({ path: examplePlace(example), ...START }, { code: 'example/too-many-files', message })
}
