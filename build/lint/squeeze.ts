import type { Folded } from './fold.ts'

/** Digits and signs that are drawn as letters. */
const DRAWN: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
}

/** The letters of a folded text and nothing else, digits that are drawn as letters among them. */
export function squeeze(text: string): Folded {
  const squeezed = text.replace(/[013457@$]/g, (sign) => DRAWN[sign] ?? sign).replace(/[^a-z]+/g, '')
  let offsets: readonly number[] | undefined
  return {
    text: squeezed,
    offsetAt: (offset) => {
      offsets ??= lettersOf(text)
      return offsets[offset] ?? text.length
    },
  }
}

function lettersOf(text: string): number[] {
  const offsets: number[] = []
  for (let at = 0; at < text.length; at++) if (/[a-z013457@$]/.test(text.charAt(at))) offsets.push(at)
  return offsets
}
