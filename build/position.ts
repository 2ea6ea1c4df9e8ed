/** 1-based; columns count UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export const START: Position = { line: 1, column: 1 }

/** Tells the position of any offset of a text, in logarithmic time. */
export function positions(text: string): (offset: number) => Position {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
