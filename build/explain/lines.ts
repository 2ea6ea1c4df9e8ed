import type { Piece, Woven } from '../woven.ts'
import type { Source } from './explanation.ts'

/** Tells where a stretch of a piece comes from: the piece, and the offset in it. */
export type SourceOf = (piece: Piece, offset: number) => Source

/**
 * The sources of each line of a text in pieces. A line break counts only where nothing else is on the line, so that
 * a line is not told to come from what merely ends it.
 */
export function sourcesOfLines(pieces: Woven, sourceOf: SourceOf): Source[][] {
  const lines: Line[] = []
  let line: Line = { sources: [], ended: undefined }
  for (const { isBreak, source } of pieces.flatMap((piece) => segments(piece, sourceOf))) {
    if (isBreak) {
      lines.push({ ...line, ended: source() })
      line = { sources: [], ended: undefined }
    } else line.sources.push(source())
  }
  // What follows the last line break is no line.
  if (line.sources.length > 0) lines.push(line)
  return lines.map(({ sources, ended }) =>
    sources.length === 0 && ended ? [ended] : withoutRepeats(sources),
  )
}

interface Line {
  readonly sources: Source[]
  /** Where the line break at its end comes from. */
  readonly ended: Source | undefined
}

interface Segment {
  readonly isBreak: boolean
  readonly source: () => Source
}

/** The lines of a piece, and the breaks between them. */
function segments(piece: Piece, sourceOf: SourceOf): Segment[] {
  return [...piece.text.matchAll(/\n|[^\n]+/g)].map(({ 0: text, index }) => ({
    isBreak: text === '\n',
    source: () => sourceOf(piece, index),
  }))
}

/** A line that is cut by a placeholder comes from one line all the same. */
function withoutRepeats(sources: readonly Source[]): Source[] {
  const keys = sources.map((source) => JSON.stringify(source))
  return sources.filter((_, at) => keys.indexOf(keys[at] ?? '') === at)
}

/** Lines of a text that ends with a line break, or does not. */
export function lineCount(text: string): number {
  const count = text.split('\n').length
  return text.endsWith('\n') ? count - 1 : count
}
