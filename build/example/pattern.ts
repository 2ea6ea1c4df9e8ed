/** Why a path pattern is refused, or the test it stands for. */
export type Pattern = { readonly problem: string } | { readonly matches: (path: string) => boolean }

/** What repeats without end inside one pattern; each one multiplies the time a search may take. */
const MAX_REPEATS = 2

/** A pattern of `includes` or `allow`: text that a path contains, with `*` within a segment and `**` across them. */
export function textPattern(text: string): Pattern {
  if (!text.includes('*')) return { matches: (path) => path.includes(text) }
  const source = text
    .split(/(\*+)/)
    .map((part) => {
      if (part.startsWith('*')) return part === '*' ? '[^/]*' : '.*'
      return part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')
    })
    .join('')
  return regexPattern(source)
}

/** A regular expression, if no path can keep it busy for long. */
export function regexPattern(source: string): Pattern {
  try {
    const regex = new RegExp(source)
    const problem = slowness(source)
    return problem === undefined ? { matches: (path) => regex.test(path) } : { problem }
  } catch (error) {
    return { problem: String((error as Error).message).replace(/^Invalid regular expression: /, '') }
  }
}

interface Scan {
  repeats: number
  /** For each open group: whether something in it repeats or is a choice. */
  readonly open: boolean[]
  /** The group that has just been closed was such a one. */
  closed: boolean
}

/** A search can take exponential time only where a group that repeats holds a repetition or a choice, or refers back. */
function slowness(source: string): string | undefined {
  const scan: Scan = { repeats: 0, open: [], closed: false }
  for (const token of source.match(TOKENS) ?? []) {
    if (/^\\([1-9]|k)/.test(token)) return 'it refers back to a group'
    const repeats = /^(\*|\+|\{\d+,?\d*\})/.test(token)
    if (repeats && scan.closed) return 'a group that repeats holds a repetition or a choice'
    step(scan, token, repeats)
  }
  return scan.repeats > MAX_REPEATS ? `it repeats more than ${MAX_REPEATS} times` : undefined
}

const TOKENS = /\\.|\[(?:\\.|[^\]\\])*\]|\(|\)|\||\*\??|\+\??|\{\d+,?\d*\}\??|./gsu

function step(scan: Scan, token: string, repeats: boolean): void {
  if (token === '(') scan.open.push(false)
  const closed = token === ')' ? (scan.open.pop() ?? false) : false
  if (repeats) scan.repeats++
  // What stands in a group stands in every group around it.
  if (repeats || token === '|' || closed) scan.open.splice(-1, 1, ...(scan.open.length > 0 ? [true] : []))
  scan.closed = closed
}
