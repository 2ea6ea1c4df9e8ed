import { digestOf } from '../../schemas/digest.ts'
import type { Memo } from '../memo.ts'

/** What is found in a text: where, and of what kind it is. */
export interface Suspicion {
  readonly offset: number
  readonly length: number
  readonly kind: string
}

/** A suspicion and the text it is about. */
export interface Suspect extends Suspicion {
  readonly evidence: string
  readonly digest: string
}

/** Finds what a text should not hold. */
export type Find = (text: string) => readonly Suspicion[]

/** Lines before and after something new that are looked at with it. */
const AROUND = 3

/** Everything in a text. */
export function suspectsIn(text: string, find: Find): readonly Suspect[] {
  return find(text).map((suspicion) => {
    const evidence = text.slice(suspicion.offset, suspicion.offset + suspicion.length)
    return { ...suspicion, evidence, digest: digestOf(evidence) }
  })
}

/** Everything in a text that another, which was looked at, does not hold: lines that are new, or that follow each other for the first time. */
export function novelSuspects(
  memo: Memo,
  ...[text, known, find]: readonly [string, string, Find]
): readonly Suspect[] {
  return memo
    .of(novelParts, text, memo.of(followersOf, known))
    .flatMap(({ around, after, before }) =>
      suspectsIn(around, find).filter(({ offset, length }) => offset < after && offset + length > before),
    )
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}

/** Each line of a text, and those that follow it: a text in which all of them are known says nothing new. */
type Followers = ReadonlyMap<string, ReadonlySet<string>>

function followersOf(text: string): Followers {
  const followers = new Map<string, Set<string>>()
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1] ?? ''
    const known = followers.get(line)
    if (known === undefined) followers.set(line, new Set([next]))
    else known.add(next)
  }
  return followers
}

/** New lines with those around them, and where in that the new ones begin and end. */
interface Part {
  readonly around: string
  readonly before: number
  readonly after: number
}

/** What is new whatever it is sought for. */
function novelParts(text: string, known: Followers): readonly Part[] {
  const lines = text.split('\n')
  return novelRanges(lines, known).map(({ from, first, last, to }) => {
    const before = lengthOf(lines.slice(from, first))
    const after = before + lengthOf(lines.slice(first, last))
    return { around: lines.slice(from, to).join('\n'), before, after }
  })
}

/** Lines `from` to `to`, of which `first` to `last` are new. */
interface Range {
  from: number
  first: number
  last: number
  to: number
}

function novelRanges(lines: readonly string[], known: Followers): readonly Readonly<Range>[] {
  const parts: Range[] = []
  for (const [at, line] of lines.entries()) {
    if (known.get(line)?.has(lines[at + 1] ?? '') === true) continue
    const before = parts.at(-1)
    const part = { from: Math.max(0, at - AROUND), first: at, last: at + 2, to: at + 2 + AROUND }
    if (before !== undefined && part.from <= before.to)
      Object.assign(before, { last: part.last, to: part.to })
    else parts.push(part)
  }
  return parts
}
