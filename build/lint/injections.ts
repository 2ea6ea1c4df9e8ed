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
import { withoutOverlaps } from './overlaps.ts'
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
    ...findPhrases(text, SENTENCES),
    ...TOKENS.flatMap((token) => findToken(text, token)),
    ...findInComments(text),
    ...findSqueezed(text),
  ]
}

/** Phrases, and what they are found by. */
interface Phrasebook {
  /** Ends before a word that begins as some phrase does: found in one walk, so that the phrases need not walk. */
  readonly begins: RegExp
  readonly byInitial: ReadonlyMap<string, readonly InjectionPhrase[]>
}

const SENTENCES = phrasebook(PHRASES)
const IN_COMMENTS = phrasebook(COMMENT_PHRASES)

function phrasebook(phrases: readonly InjectionPhrase[]): Phrasebook {
  const letters = [...new Set(phrases.flatMap(({ begins }) => begins))]
  const initials = new Set(letters.map((begin) => begin.charAt(0)))
  const byInitial = [...initials].map(
    (initial) =>
      [initial, phrases.filter(({ begins }) => begins.some((begin) => begin.startsWith(initial)))] as const,
  )
  return {
    begins: new RegExp(`(?:^|[^a-z0-9])(?=${letters.join('|')})`, 'g'),
    byInitial: new Map(byInitial),
  }
}

function findPhrases(text: string, { begins, byInitial }: Phrasebook): InjectionFinding[] {
  const found: InjectionFinding[] = []
  begins.lastIndex = 0
  while (begins.test(text)) {
    const offset = begins.lastIndex
    for (const { kind, pattern } of byInitial.get(text.charAt(offset)) ?? []) {
      pattern.lastIndex = offset
      if (!pattern.test(text)) continue
      found.push({ offset, length: pattern.lastIndex - offset, kind })
      break
    }
    begins.lastIndex = offset + 1
  }
  return found
}

interface Span {
  readonly offset: number
  readonly length: number
}

function spans(text: string, pattern: RegExp): readonly Span[] {
  // Nearly always there is none, and to search is much cheaper than to begin to match.
  return text.search(pattern) < 0
    ? NONE
    : [...text.matchAll(pattern)].map((match) => ({ offset: match.index, length: match[0].length }))
}

const NONE: readonly Span[] = []

function findToken(
  text: string,
  { kind, hint, pattern, inside, followed }: InjectionToken,
): InjectionFinding[] {
  if (hint !== undefined && !text.includes(hint)) return []
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
    const [phrase] = findPhrases(comment, IN_COMMENTS)
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
