/** Deeper than this is refused before the YAML parser sees it: its time grows with the square of the depth. */
const MAX_NESTING = 32

/**
 * Offset at which a text nests deeper than any sane YAML, counted roughly: brackets wherever they stand,
 * indentation, and dashes in a row. Undefined when it does not.
 */
export function tooDeepAt(text: string): number | undefined {
  return brackets(text) ?? blocks(text)
}

function brackets(text: string): number | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > MAX_NESTING) return at
  }
  return undefined
}

function blocks(text: string): number | undefined {
  const indents: number[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    const head = /^ */.exec(line)?.[0].length ?? 0
    if (head < line.length) {
      while (indents.length > 0 && (indents.at(-1) ?? 0) >= head) indents.pop()
      indents.push(head)
      if (indents.length + indicators(line, head) > MAX_NESTING) return offset + head
    }
    offset += line.length + 1
  }
  return undefined
}

/** How many `- ` and `? ` stand in a row from `at` on. */
function indicators(line: string, at: number): number {
  let count = 0
  for (let next = at; next < line.length; next++) {
    const character = line[next]
    if (character === '-' || character === '?' || character === ':') count++
    else if (character !== ' ' && character !== '\t') break
  }
  return count
}
