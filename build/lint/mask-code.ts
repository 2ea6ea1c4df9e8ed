/** An HTML comment outside of code. */
export interface MarkdownComment {
  /** Between `<!--` and `-->`. */
  readonly text: string
  readonly offset: number
  readonly length: number
}

/** A markdown text with all code and comments blanked out, character for character, and the comments. */
export interface Masked {
  readonly masked: string
  readonly comments: readonly MarkdownComment[]
}

/** Blanks out fenced and indented code, code spans and comments: nothing in them is markdown. */
export function maskCode(text: string): Masked {
  const blanks: Range[] = []
  const comments: MarkdownComment[] = []
  let next = 0
  for (const part of proseParts(text, blanks)) {
    if (next < part.to) next = maskInline(part, { text, blanks, comments })
  }
  return { masked: withBlanks(text, blanks), comments }
}

interface Range {
  readonly from: number
  readonly to: number
}

interface Sink {
  readonly text: string
  readonly blanks: Range[]
  readonly comments: MarkdownComment[]
}

const FENCE = /^(?:[ \t>]|[-*+] |[0-9]{1,9}[.)] ){0,20}(`{3,}|~{3,})(.*)$/
const LIST_ITEM = /^[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)/

/** Paragraphs, each without a blank line in it; what is code by its lines goes to `blanks`. */
function proseParts(text: string, blanks: Range[]): Range[] {
  const parts: Range[] = []
  const kindOf = lineKinds()
  let start: number | undefined
  let offset = 0
  for (const line of [...text.split('\n'), '']) {
    const from = offset
    const to = from + line.length
    offset = to + 1
    const kind = kindOf(line)
    if (kind === 'code') blanks.push({ from, to })
    if (kind === 'prose') start ??= from
    else if (start !== undefined) parts.push({ from: start, to: from })
    if (kind !== 'prose') start = undefined
  }
  if (start !== undefined) parts.push({ from: start, to: text.length })
  return parts
}

type LineKind = 'code' | 'blank' | 'prose'

/** Tells line by line what a line is, from those before it. */
function lineKinds(): (line: string) => LineKind {
  let fence: string | undefined
  const outsideFences = plainLineKinds()
  return (line) => {
    const mark = fenceOf(line, fence)
    if (mark === undefined) return fence === undefined ? outsideFences(line) : 'code'
    fence = fence === undefined ? mark : undefined
    return 'code'
  }
}

/** The same where no fence is open: an indented line after a blank one is code, unless it is in a list. */
function plainLineKinds(): (line: string) => LineKind {
  let inList = false
  let mayBeCode = true
  return (line) => {
    if (line.trim() === '') {
      mayBeCode = true
      return 'blank'
    }
    inList = LIST_ITEM.test(line) || (inList && /^[ \t]/.test(line))
    mayBeCode &&= !inList && /^(?: {4}|\t)/.test(line)
    return mayBeCode ? 'code' : 'prose'
  }
}

/** The fence that a line opens, or the open one if the line closes it. */
function fenceOf(line: string, open: string | undefined): string | undefined {
  const [, mark, info = ''] = FENCE.exec(line) ?? []
  if (mark === undefined) return undefined
  if (open === undefined) return mark.startsWith('`') && info.includes('`') ? undefined : mark
  return mark.startsWith(open) && info.trim() === '' ? open : undefined
}

const OPENER = /\\[\s\S]|`+|<!--/g

/**
 * Whichever opens first wins: a code span, which ends in its paragraph, or a comment, which ends where it ends. Tells
 * where the next one opens.
 */
function maskInline(part: Range, { text, blanks, comments }: Sink): number {
  const from = Math.max(part.from, endOf(comments.at(-1)))
  OPENER.lastIndex = from
  let match = OPENER.exec(text)
  if ((match?.index ?? text.length) >= part.to) return match?.index ?? text.length
  const ends = closings(text, { from, to: part.to })
  for (; match !== null && match.index < part.to; match = OPENER.exec(text)) {
    const [mark] = match
    const isComment = mark === '<!--'
    const end = isComment ? commentEnd(text, match.index) : ends(mark, match.index + mark.length)
    if (end === undefined) continue
    if (isComment) comments.push(commentAt(text, match.index, end))
    blanks.push({ from: match.index, to: end })
    OPENER.lastIndex = end
  }
  return match?.index ?? text.length
}

function endOf(comment: MarkdownComment | undefined): number {
  return comment === undefined ? 0 : comment.offset + comment.length
}

const CLOSE = '-->'

function commentEnd(text: string, open: number): number {
  const close = text.indexOf(CLOSE, open + 4)
  return close < 0 ? text.length : close + CLOSE.length
}

function commentAt(text: string, offset: number, end: number): MarkdownComment {
  const inside = text.slice(offset + 4, end)
  return {
    text: inside.endsWith(CLOSE) ? inside.slice(0, -CLOSE.length) : inside,
    offset,
    length: end - offset,
  }
}

/** Tells where the next run of backticks like a mark ends, after an offset; offsets must not go down. */
function closings(text: string, { from, to }: Range): (mark: string, after: number) => number | undefined {
  const byLength = new Map<number, number[]>()
  for (const match of text.slice(from, to).matchAll(/`+/g)) {
    const starts = byLength.get(match[0].length) ?? []
    starts.push(from + match.index)
    byLength.set(match[0].length, starts)
  }
  const used = new Map<number, number>()
  return (mark, after) => {
    if (!mark.startsWith('`')) return undefined
    const { length } = mark
    const starts = byLength.get(length) ?? []
    let at = used.get(length) ?? 0
    while (at < starts.length && (starts[at] ?? 0) < after) at++
    used.set(length, at)
    const start = starts[at]
    return start === undefined ? undefined : start + length
  }
}

function withBlanks(text: string, blanks: readonly Range[]): string {
  const pieces: string[] = []
  let at = 0
  for (const { from, to } of [...blanks].sort((a, b) => a.from - b.from)) {
    if (to <= at) continue
    const start = Math.max(from, at)
    pieces.push(text.slice(at, start), text.slice(start, to).replace(/[^\n]/g, ' '))
    at = to
  }
  return pieces.join('') + text.slice(at)
}
