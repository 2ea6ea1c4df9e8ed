import type { Fix } from './diagnostic.ts'

/** The candidate a person most likely meant, if one is near enough. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined
  const reach = Math.max(1, Math.floor(word.length / 3))
  const meant = word.toLowerCase()
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of candidates) {
    const other = candidate.toLowerCase()
    if (Math.abs(other.length - meant.length) > reach) continue
    const distance = editDistance(meant, other)
    if (distance <= reach && distance < (best?.distance ?? Infinity)) best = { candidate, distance }
  }
  return best?.candidate
}

/** The fix "did you mean …?", when there is something to mean. */
export function didYouMean(word: string, candidates: Iterable<string>): Fix | undefined {
  const candidate = closest(word, candidates)
  if (candidate === undefined) return undefined
  return { description: `Did you mean "${candidate}"?`, replacement: candidate }
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let above: number[][] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) row.push(cell({ a, b, i, j, row, above }))
    above = [above[1] ?? [], row]
  }
  return above[1]?.[b.length] ?? 0
}

interface Cell {
  readonly a: string
  readonly b: string
  readonly i: number
  readonly j: number
  readonly row: readonly number[]
  /** The two rows before this one. */
  readonly above: readonly (readonly number[])[]
}

function cell({ a, b, i, j, row, above: [before = [], last = []] }: Cell): number {
  const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
  const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
  const swap = swapped ? (before[j - 2] ?? Infinity) + 1 : Infinity
  return Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
}
