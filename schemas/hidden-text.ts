/** A character that no reader sees, or that changes how what they see is ordered. */
export interface HiddenCharacter {
  readonly offset: number
  readonly character: string
}

const HIDDEN =
  /(?![\t\n])[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB]/gu
/** Nothing else can be hidden, and this is sought much faster. */
const NOT_PLAIN = /[^\t\n\x20-\x7e]/
const JOINER = '\u200d'
const PRESENTATION = new Set(['\uFE0E', '\uFE0F'])
const BEFORE_PRESENTATION = /\p{Emoji}$/u
const BEFORE_JOINER = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u
const AFTER_JOINER = /^\p{Extended_Pictographic}/u

/** Finds every hidden character of a text. Joiners and presentation selectors inside an emoji are not hidden. */
export function hiddenCharacters(text: string): HiddenCharacter[] {
  if (!NOT_PLAIN.test(text)) return []
  return [...text.matchAll(HIDDEN)]
    .filter((match) => !insideEmoji(text, match.index, match[0]))
    .map((match) => ({ offset: match.index, character: match[0] }))
}

/** Writes a character so that a person can see it. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** A text that a terminal can be trusted with: hidden characters are written out. */
export function visible(text: string): string {
  return hiddenCharacters(text).length === 0
    ? text
    : text.replace(HIDDEN, (character) => `<${codePoint(character)}>`)
}

function insideEmoji(text: string, at: number, character: string): boolean {
  const before = text.slice(Math.max(0, at - 2), at)
  if (character === JOINER) {
    return BEFORE_JOINER.test(before) && AFTER_JOINER.test(text.slice(at + 1, at + 3))
  }
  return PRESENTATION.has(character) && BEFORE_PRESENTATION.test(before)
}
