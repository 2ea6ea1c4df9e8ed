import type { Folded } from './fold.ts'

/** The letter that a character of a folded text is, or is drawn as; 0 for every other one, and for each of its bytes. */
const LETTERS = new Uint8Array(256)
for (const letter of 'abcdefghijklmnopqrstuvwxyz') LETTERS[letter.charCodeAt(0)] = letter.charCodeAt(0)
for (const [sign, letter] of ['0o', '1i', '3e', '4a', '5s', '7t', '@a', '$s'].map(([...pair]) => pair)) {
  LETTERS[sign?.charCodeAt(0) ?? 0] = letter?.charCodeAt(0) ?? 0
}

/** The letters of a folded text and nothing else, digits that are drawn as letters among them. */
export function squeeze(text: string): Folded {
  const bytes = Buffer.from(text)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const letter = LETTERS[bytes[at] ?? 0] ?? 0
    if (letter !== 0) bytes[length++] = letter
  }
  let offsets: readonly number[] | undefined
  return {
    text: bytes.toString('latin1', 0, length),
    offsetAt: (offset) => {
      offsets ??= lettersOf(text)
      return offsets[offset] ?? text.length
    },
  }
}

function lettersOf(text: string): number[] {
  const offsets: number[] = []
  for (let at = 0; at < text.length; at++) if ((LETTERS[text.charCodeAt(at)] ?? 0) !== 0) offsets.push(at)
  return offsets
}
