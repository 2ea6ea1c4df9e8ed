/** A marker that does not fit the ones around it. */
interface MarkerProblem {
  /** 1-based. */
  readonly line: number
  readonly message: string
}

/** What the markers of a file leave of it; no text when they leave the file out. */
export interface Marked {
  readonly text: string | undefined
  readonly problems: readonly MarkerProblem[]
}

/** A marker stands first in a comment of any style, alone on its line or behind code. */
const MARKER =
  /(?<opener>\{\{!?--|<%--|<%#|\{#|\{\/\*+|\/\*+|<!--|\/\/+|#+|--|;+|%+|^\s*\*)[ \t]*@ignore(?<kind>File|BlockStart|BlockEnd|Line)\b/

const CLOSERS: Readonly<Record<string, RegExp>> = {
  '{{': /\}\}/,
  '<%': /%>/,
  '{#': /#\}/,
  '{/': /\*\/\}/,
  '/*': /\*\//,
  '<!': /-->/,
}

/** Removes what `@ignoreFile`, `@ignoreBlockStart` … `@ignoreBlockEnd` and `@ignoreLine` mark, and the markers. */
export function applyMarkers(text: string): Marked {
  if (!text.includes('@ignore')) return { text, problems: [] }
  const state: State = { kept: [], problems: [], openedAt: undefined, dropNext: false }
  for (const [at, line] of text.split('\n').entries()) {
    const marker = state.dropNext ? undefined : markerIn(line)
    if (marker?.kind === 'File' && state.openedAt === undefined) return { text: undefined, problems: [] }
    if (marker === undefined) plain(state, line)
    else marked(state, marker, at + 1)
  }
  if (state.openedAt !== undefined) state.problems.push({ line: state.openedAt, message: NEVER_ENDS })
  return { text: state.kept.join('\n'), problems: state.problems }
}

interface State {
  readonly kept: string[]
  readonly problems: MarkerProblem[]
  /** Line of the `@ignoreBlockStart` that is still open. */
  openedAt: number | undefined
  dropNext: boolean
}

function plain(state: State, line: string): void {
  if (!state.dropNext && state.openedAt === undefined) state.kept.push(line)
  state.dropNext = false
}

function marked(state: State, marker: Marker, line: number): void {
  if (marker.kind === 'Line') state.dropNext = marker.alone && state.openedAt === undefined
  if (marker.kind === 'BlockStart') state.openedAt ??= line
  if (!marker.closes) return
  if (state.openedAt === undefined) state.problems.push({ line, message: ENDS_NOTHING })
  state.openedAt = undefined
}

const ENDS_NOTHING = 'Cannot end a block with "@ignoreBlockEnd": expected "@ignoreBlockStart" before it'
const NEVER_ENDS =
  'Cannot find the end of the block that "@ignoreBlockStart" begins: the rest of the file is left out, expected "@ignoreBlockEnd"'

interface Marker {
  readonly kind: string
  /** Nothing but the comment stands on the line. */
  readonly alone: boolean
  /** A block ends on this line. */
  readonly closes: boolean
}

function markerIn(line: string): Marker | undefined {
  const match = line.includes('@ignore') ? MARKER.exec(line) : null
  if (match?.groups === undefined) return undefined
  const { kind = '', opener = '' } = match.groups
  const closer = Object.entries(CLOSERS).find(([start]) => opener.startsWith(start))?.[1]
  const rest = line.slice(match.index + match[0].length)
  const behind = closer === undefined ? '' : (rest.split(closer)[1] ?? '')
  const alone = `${line.slice(0, match.index)}${behind}`.trim() === ''
  return { kind, alone, closes: kind === 'BlockEnd' || /@ignoreBlockEnd\b/.test(rest) }
}
