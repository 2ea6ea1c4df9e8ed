import type { BaselineEntry } from '../schemas/baseline.ts'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { digestOf } from '../schemas/digest.ts'
import { BASELINE_PATH, entryKey, readBaseline, type WrittenEntry } from './baseline/baseline-file.ts'
import { canBeExcused } from './baseline/blocking.ts'
import type { BaselineOutcome, BaselineUse } from './baseline/use.ts'
import { type Report, warningAt } from './finding.ts'
import type { SourceFile } from './release.ts'

/** The findings that are known, and need not stand in the way of an artifact. */
export interface Baseline {
  /** True for a finding that is known. It depends on the finding alone, never on those before it. */
  readonly excuses: (diagnostic: Diagnostic) => boolean
  /** What became of it, once every finding is told; what goes beyond the list, or is no longer true, is reported. */
  readonly close: (
    excused: readonly Diagnostic[],
    errors: readonly Diagnostic[],
    report: Report,
  ) => BaselineOutcome
}

/** Opens the baseline of a tree. */
export function openBaseline(files: readonly SourceFile[], use: BaselineUse, report: Report): Baseline {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const entries = use === 'record' ? [] : readBaseline(byPath.get(BASELINE_PATH), report)
  const listed = new Map(entries.map((entry) => [entryKey(entry, entry.digest), entry]))
  const lines = new Map<string, readonly string[]>()
  const digestOfLine = ({ path, line }: Diagnostic): string => {
    const text = lines.get(path) ?? linesOf(byPath.get(path))
    lines.set(path, text)
    return digestOf((text[line - 1] ?? '').trim())
  }
  return {
    excuses: (diagnostic) => {
      if (diagnostic.severity !== 'error' || !canBeExcused(diagnostic.code)) return false
      return (
        use === 'record' || (listed.size > 0 && listed.has(entryKey(diagnostic, digestOfLine(diagnostic))))
      )
    },
    close: (diagnostics, errors, tell) => {
      const groups = Map.groupBy(inOrder(diagnostics), (one) => entryKey(one, digestOfLine(one)))
      const broken = new Set(errors.map(({ path }) => path))
      for (const entry of entries) {
        const group = groups.get(entryKey(entry, entry.digest)) ?? []
        for (const surplus of group.slice(entry.count)) tell(surplus)
        // A file that cannot be read shows none of its old findings either.
        if (group.length < entry.count && !broken.has(entry.path))
          tell(fixed(entry, entry.count - group.length))
      }
      const excused = [...groups.values()].map((group) => entryOf(group, digestOfLine))
      return { listed: entries.reduce((sum, { count }) => sum + count, 0), excused }
    },
  }
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column)
}

function entryOf(group: readonly Diagnostic[], digestOfLine: (one: Diagnostic) => string): BaselineEntry {
  const [first] = group as readonly [Diagnostic]
  return { code: first.code, path: first.path, digest: digestOfLine(first), count: group.length }
}

function fixed({ code, path, count, place }: WrittenEntry, gone: number): Diagnostic {
  const which = gone === count ? `"${code}" in ${path}` : `${gone} of ${count} "${code}" in ${path}`
  return warningAt(place, {
    code: 'baseline/fixed',
    message: `Cannot find ${which} any more: it is fixed, expected a list of what is still there`,
    fix: { description: 'Prune it with "mill check --write-baseline"' },
  })
}

function linesOf(file: SourceFile | undefined): readonly string[] {
  if (file === undefined) return []
  return new TextDecoder().decode(file.bytes).replaceAll('\r\n', '\n').split('\n')
}
