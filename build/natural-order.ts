import { comparePaths } from './content-path.ts'

/** Order in which a person counts: runs of digits by their number, so `2-b` comes before `10-a`. */
export function compareNaturally(a: string, b: string): number {
  const left = chunks(a)
  const right = chunks(b)
  for (const [at, chunk] of left.entries()) {
    const order = compareChunks(chunk, right[at])
    if (order !== 0) return order
  }
  return left.length - right.length || comparePaths(a, b)
}

function chunks(name: string): string[] {
  return name.match(/[0-9]+|[^0-9]+/g) ?? []
}

function compareChunks(a: string, b: string | undefined): number {
  if (b === undefined) return 1
  const numbers = /^[0-9]/.test(a) && /^[0-9]/.test(b)
  return (numbers ? Number(a) - Number(b) : 0) || (numbers ? 0 : comparePaths(a, b))
}
