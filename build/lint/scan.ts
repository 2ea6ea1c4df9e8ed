import { digestOf } from '../../schemas/digest.ts'

/** What a scanner finds: where, and of what kind it is. */
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

/** Scans texts, each once, and of texts that were put together only what was not there before. */
export interface Scanner {
  /** Everything in a text; the text counts as known from then on. */
  readonly whole: (text: string) => readonly Suspect[]
  /** Everything that the known texts do not hold: lines that are new, or follow each other for the first time. */
  readonly novel: (text: string) => readonly Suspect[]
}

/** Lines before and after something new that are looked at with it. */
const AROUND = 3

export function scanner(find: (text: string) => readonly Suspicion[]): Scanner {
  const found = new Map<string, readonly Suspect[]>()
  const known = new Set<string>()
  const scan = (text: string) => {
    const before = found.get(text)
    if (before !== undefined) return before
    const suspects = find(text).map((suspicion) => {
      const evidence = text.slice(suspicion.offset, suspicion.offset + suspicion.length)
      return { ...suspicion, evidence, digest: digestOf(evidence) }
    })
    found.set(text, suspects)
    return suspects
  }
  return {
    whole: (text) => {
      if (!found.has(text)) for (const pair of pairs(text.split('\n'))) known.add(pair)
      return scan(text)
    },
    novel: (text) => {
      if (found.has(text)) return []
      const lines = text.split('\n')
      return novelParts(lines, known).flatMap((part) => {
        const before = lengthOf(lines.slice(part.from, part.first))
        const after = before + lengthOf(lines.slice(part.first, part.last))
        const text = lines.slice(part.from, part.to).join('\n')
        return scan(text).filter(({ offset, length }) => offset < after && offset + length > before)
      })
    },
  }
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
