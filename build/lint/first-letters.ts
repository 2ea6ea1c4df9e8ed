/**
 * The letters that a match of a pattern can begin with, read from its source: literal words, `(?:a|b)` and
 * `(?:a )?`. Where a word goes on in a way that is not literal, the letters before it are told; where something
 * that is no word follows it, that it ends there is told too.
 *
 * @throws {SyntaxError} when a match could begin with anything.
 */
export function firstLetters(source: string): string[] {
  return alternatives(source).flatMap((alternative) => {
    const [literal = ''] = /^[a-z]*/.exec(alternative) ?? []
    if (literal !== '') return [beginning(literal, alternative.slice(literal.length))]
    if (!alternative.startsWith('(?:'))
      throw new SyntaxError(`Cannot tell how "${alternative}" begins: expected a word`)
    const end = closing(alternative)
    const inner = firstLetters(alternative.slice(3, end))
    return alternative[end + 1] === '?' ? [...inner, ...firstLetters(alternative.slice(end + 2))] : inner
  })
}

function beginning(literal: string, rest: string): string {
  if (rest.startsWith(NO_WORD)) return `${literal}(?!${WORD})`
  return /^[?*{]/.test(rest) ? literal.slice(0, -1) : literal
}

const WORD = '[a-z0-9]'
const NO_WORD = '[^a-z0-9]'

/** Splits at each `|` that stands outside of parentheses. */
function alternatives(source: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '(') depth++
    if (source[at] === ')') depth--
    if (source[at] !== '|' || depth > 0) continue
    parts.push(source.slice(start, at))
    start = at + 1
  }
  return [...parts, source.slice(start)]
}

function closing(source: string): number {
  let depth = 0
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '(') depth++
    if (source[at] === ')' && --depth === 0) return at
  }
  throw new SyntaxError(`Cannot find the end of "${source}": expected ")"`)
}
