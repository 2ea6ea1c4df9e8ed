/** A text of which pieces are left out, and where each of its characters stood. */
export interface Shortened {
  readonly text: string
  /** Offset in the source of an offset in `text`; an end maps to just after the character before it. */
  readonly offsetAt: (offset: number) => number
}

/** A line goes on after a backslash, or as the next string literal of a sum. */
const CONTINUED =
  /\\[ \t]{0,8}\n[ \t]{0,200}|["'`][ \t]{0,8}(?:\\?\n[ \t]{0,200})?[+.&][ \t]{0,8}(?:\n[ \t]{0,200})?["'`]|["'`][ \t]{0,8}\n[ \t]{0,200}["'`]/g

/** A token broken over two lines: both ends touch the break, and neither is a plain word. */
const BROKEN = /\n(?<=[A-Za-z0-9_+/=.-]{10}\n)[ \t>|]{0,40}(?=[A-Za-z0-9_+/=.-]{4})/g

/** The text with everything that was written over several lines on one, if there is any such thing. */
export function joinLines(text: string): Shortened | undefined {
  const cuts = [...text.matchAll(CONTINUED)].map((match) => ({ at: match.index, length: match[0].length }))
  return cuts.length === 0 ? undefined : withoutCuts(text, cuts)
}

/** The text with tokens that a line break tore apart in one piece, if there are any. */
export function joinTornTokens(text: string): Shortened | undefined {
  const cuts = [...text.matchAll(BROKEN)]
    .filter((match) => isTorn(text, match.index + match[0].length))
    .map((match) => ({ at: match.index, length: match[0].length }))
  return cuts.length === 0 ? undefined : withoutCuts(text, cuts)
}

/** Prose goes on in words: what goes on with digits in it and then ends its line is the rest of a token. */
function isTorn(text: string, start: number): boolean {
  const [rest = ''] = /^[A-Za-z0-9_+/=.-]*/.exec(text.slice(start, start + 200)) ?? []
  return /[0-9]/.test(rest) && /^["'`,;)\s]?$/.test(text.charAt(start + rest.length))
}

interface Cut {
  readonly at: number
  readonly length: number
}

function withoutCuts(text: string, cuts: readonly Cut[]): Shortened {
  const pieces: string[] = []
  const starts: { readonly short: number; readonly source: number }[] = []
  let source = 0
  let short = 0
  for (const cut of [...cuts, { at: text.length, length: 0 }]) {
    starts.push({ short, source })
    pieces.push(text.slice(source, cut.at))
    short += cut.at - source
    source = cut.at + cut.length
  }
  return {
    text: pieces.join(''),
    offsetAt: (offset) => {
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        if ((starts[middle]?.short ?? 0) < offset) low = middle
        else high = middle - 1
      }
      const { short: begin, source: origin } = starts[low] ?? { short: 0, source: 0 }
      return origin + (offset - begin)
    },
  }
}
