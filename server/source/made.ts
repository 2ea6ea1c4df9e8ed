import type { BuildOutcome, SourceTree } from '../../build/release.ts'

/** What a tree came to, as far as the server has to know. */
export interface Made extends Pick<BuildOutcome, 'release' | 'diagnostics'> {
  /** What was built; of its files those at its root, which declare something, and those that findings speak of. */
  readonly tree: SourceTree
  /** Of the whole tree; undefined when there was none. */
  readonly digest?: string
  /** How long the build took; undefined when there was none. */
  readonly seconds?: number
}

/** A tree that was looked at, and not built yet. */
export interface Seen {
  /** Equal for two trees only if they build the same. */
  readonly digest: string
  /** Of its files only those at its root, which declare something. */
  readonly tree: SourceTree
}

/** A tree without what nobody looks at once it is built. */
export function toldOf(
  { files, diagnostics }: SourceTree,
  findings: BuildOutcome['diagnostics'],
): SourceTree {
  const named = new Set(findings.map(({ path }) => path))
  return { diagnostics, files: files.filter(({ path }) => !path.includes('/') || named.has(path)) }
}
