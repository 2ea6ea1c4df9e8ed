/** Kinds of places that served text comes from. */
export type SourceKind =
  | 'prompt'
  | 'template'
  | 'reference'
  | 'partial'
  | 'config'
  | 'commandments'
  | 'document'
  | 'example'
  | 'script'
  | 'file'
  | 'generated'

/** Where a line of output comes from. */
export interface Source {
  readonly kind: SourceKind
  /** Path relative to the content root, or URL; null for what the build makes by itself. */
  readonly path: string | null
  /** First and last line there, 1-based; null when lines there mean nothing. */
  readonly lines: readonly [number, number] | null
  /** What it is, where the kind does not say it; else empty. */
  readonly note: string
}

/** Lines of output that come from the same place, or places. */
export interface Range {
  /** First and last line of output, 1-based. */
  readonly output: readonly [number, number]
  readonly sources: readonly Source[]
}

/** One served file, every line of it explained. */
export interface ExplainedFile {
  readonly path: string
  readonly ranges: readonly Range[]
}

/** One artifact, or one part of one. */
export interface Explanation {
  readonly name: string
  /** File of the release that holds it. */
  readonly artifact: string
  readonly files: readonly ExplainedFile[]
}

/** Joins lines that follow one another both in the output and where they come from. */
export function ranges(lines: readonly (readonly Source[])[]): Range[] {
  const joined: Range[] = []
  for (const [at, sources] of lines.entries()) {
    const last = joined.at(-1)
    const merged = last && follow(last.sources, sources)
    if (last === undefined || merged === undefined) joined.push({ output: [at + 1, at + 1], sources })
    else joined[joined.length - 1] = { output: [last.output[0], at + 1], sources: merged }
  }
  return joined
}

/** Two lists of sources as one, if the second goes on where the first ends. */
function follow(before: readonly Source[], after: readonly Source[]): Source[] | undefined {
  if (before.length !== after.length) return undefined
  const merged = before.map((source, at) => goOn(source, after[at] ?? source))
  return merged.every((source) => source !== undefined) ? merged : undefined
}

function goOn(a: Source, b: Source): Source | undefined {
  if (a.kind !== b.kind || a.path !== b.path || a.note !== b.note) return undefined
  if (a.lines === null || b.lines === null) return a.lines === b.lines ? a : undefined
  if (b.lines[0] === a.lines[1] + 1) return { ...a, lines: [a.lines[0], b.lines[1]] }
  return a.lines[0] === b.lines[0] && a.lines[1] === b.lines[1] ? a : undefined
}
