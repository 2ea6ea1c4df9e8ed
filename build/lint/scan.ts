import { digestOf } from '../../schemas/digest.ts'

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
export function novelSuspects(text: string, known: string, find: Find): readonly Suspect[] {
  const lines = text.split('\n')
  return novelParts(lines, new Set(pairs(known.split('\n')))).flatMap((part) => {
    const before = lengthOf(lines.slice(part.from, part.first))
    const after = before + lengthOf(lines.slice(part.first, part.last))
    const around = lines.slice(part.from, part.to).join('\n')
    return suspectsIn(around, find).filter(({ offset, length }) => offset < after && offset + length > before)
  })
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}

/** Each line with the one that follows it: a text in which all of them are known says nothing new. */
function pairs(lines: readonly string[]): string[] {
  return lines.map((line, at) => `${line}\n${lines[at + 1] ?? ''}`)
}

/** Lines `from` to `to`, of which `first` to `last` are new. */
interface Part {
  from: number
  first: number
  last: number
  to: number
}

function novelParts(lines: readonly string[], known: ReadonlySet<string>): readonly Readonly<Part>[] {
  const parts: Part[] = []
  for (const [at, pair] of pairs(lines).entries()) {
    if (known.has(pair)) continue
    const before = parts.at(-1)
    const part = { from: Math.max(0, at - AROUND), first: at, last: at + 2, to: at + 2 + AROUND }
    if (before !== undefined && part.from <= before.to)
      Object.assign(before, { last: part.last, to: part.to })
    else parts.push(part)
  }
  return parts
}
