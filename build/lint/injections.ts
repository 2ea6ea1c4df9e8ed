import { base64Runs } from './base64-runs.ts'
import { fold } from './fold.ts'
import {
  COMMENT_PHRASES,
  type InjectionKind,
  type InjectionPhrase,
  PHRASES,
  SQUEEZED,
} from './injection-phrases.ts'
import { type InjectionToken, REACH, TOKENS } from './injection-tokens.ts'
import { squeeze } from './squeeze.ts'

/** Where in a text something speaks past its author, and what it tries. */
export interface InjectionFinding {
  readonly offset: number
  readonly length: number
  readonly kind: InjectionKind
}

/** Finds what would turn an agent against whom it works for, however it is dressed up. In order of offset. */
export function findInjections(text: string): InjectionFinding[] {
  const folded = fold(text)
  const plain = findFolded(folded.text).map(({ offset, length, kind }) => {
    const start = folded.offsetAt(offset)
    return { offset: start, length: folded.offsetAt(offset + length) - start, kind }
  })
  return withoutOverlaps([...plain, ...findEncoded(text)])
}

/** What base64 stands for is read once; base64 in base64 is nobody's prose. */
function findEncoded(text: string): InjectionFinding[] {
  return base64Runs(text).flatMap(({ offset, length, decoded }) =>
    findFolded(fold(decoded).text)
      .slice(0, 1)
      .map(({ kind }) => ({ offset, length, kind })),
  )
}

function findFolded(text: string): InjectionFinding[] {
  return [
    ...findPhrases(text, PHRASES, BEGINNINGS),
    ...TOKENS.flatMap((token) => findToken(text, token)),
    ...findInComments(text),
    ...findSqueezed(text),
  ]
}

/** Where a word begins as some phrase does: found in one walk, so that the phrases need not walk. */
const BEGINNINGS = beginnings(PHRASES)
const COMMENT_BEGINNINGS = beginnings(COMMENT_PHRASES)

function beginnings(phrases: readonly InjectionPhrase[]): RegExp {
  const letters = [...new Set(phrases.flatMap(({ begins }) => begins))]
  return new RegExp(`(?<![a-z0-9])(?:${letters.join('|')})`, 'g')
}

function findPhrases(text: string, phrases: readonly InjectionPhrase[], begins: RegExp): InjectionFinding[] {
  return [...text.matchAll(begins)].flatMap(({ index }) => {
    for (const { kind, pattern } of phrases) {
      pattern.lastIndex = index
      const [match] = pattern.exec(text) ?? []
      if (match !== undefined) return [{ offset: index, length: match.length, kind }]
    }
    return []
  })
}

interface Span {
  readonly offset: number
  readonly length: number
}

function spans(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({ offset: match.index, length: match[0].length }))
}

function findToken(text: string, { kind, pattern, inside, followed }: InjectionToken): InjectionFinding[] {
  const firsts = spans(text, pattern)
  if (firsts.length === 0) return []
  if (followed !== undefined)
    return joined(text, firsts, spans(text, followed)).map((span) => ({ ...span, kind }))
  return firsts
    .filter(({ offset, length }) => inside === undefined || inside.test(text.slice(offset, offset + length)))
    .map((span) => ({ ...span, kind }))
}

/** Both lists are in order, so one walk pairs each second half with the last first half before it. */
function joined(text: string, firsts: readonly Span[], seconds: readonly Span[]): Span[] {
  const pairs: Span[] = []
  let at = 0
  for (const second of seconds) {
    while ((firsts[at + 1]?.offset ?? Infinity) < second.offset) at++
    const first = firsts[at]
    if (first === undefined || first.offset >= second.offset) continue
    const between = text.slice(first.offset + first.length, second.offset)
    if (between.length <= REACH && !/[^\\]\n/.test(between)) {
      pairs.push({ offset: first.offset, length: second.offset + second.length - first.offset })
    }
  }
  return pairs
}

const OPEN = '<!--'
const CLOSE = '-->'
/** Text of one comment that is looked at. */
const LONGEST = 4000

function findInComments(text: string): InjectionFinding[] {
  const found: InjectionFinding[] = []
  for (let open = text.indexOf(OPEN); open >= 0; ) {
    const close = text.indexOf(CLOSE, open + OPEN.length)
    const end = close < 0 ? text.length : close + CLOSE.length
    const comment = text.slice(open, Math.min(end, open + LONGEST))
    const [phrase] = findPhrases(comment, COMMENT_PHRASES, COMMENT_BEGINNINGS)
    if (phrase !== undefined && !/^<!--\s*mill-ignore\s/.test(comment)) {
      found.push({ offset: open, length: end - open, kind: phrase.kind })
    }
    open = text.indexOf(OPEN, end)
  }
  return found
}

function findSqueezed(text: string): InjectionFinding[] {
  const squeezed = squeeze(text)
  return spans(squeezed.text, SQUEEZED).map(({ offset, length }) => {
    const start = squeezed.offsetAt(offset)
    const end = squeezed.offsetAt(offset + length - 1) + 1
    return { offset: start, length: end - start, kind: 'override of instructions' }
  })
}

function withoutOverlaps(found: readonly InjectionFinding[]): InjectionFinding[] {
  let end = 0
  return [...found]
    .sort((a, b) => a.offset - b.offset)
    .filter((finding) => {
      const free = finding.offset >= end
      if (free) end = finding.offset + finding.length
      return free
    })
}
