import { stripVTControlCharacters } from 'node:util'

/** Control, format and direction characters: from the content of others they could paint over the screen. */
const UNSEEN = /[\p{Cc}\p{Cs}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]+/gu

/** One line of text that cannot move the cursor, change a colour or hide what it says. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()
}

/** Made when a text needs it: that takes longer than all else before the first line. */
let segmenter: Intl.Segmenter | undefined

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** Ranges that a terminal shows two columns wide (East Asian Wide and Fullwidth). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{20000}-\u{3FFFD}]/u
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\uFE0F/u
const NO_WIDTH = /^[\p{M}\p{Cf}\u200C\u200D]+$/u

/** Columns that text takes on a terminal. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment)
  return width
}

function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0
  return EMOJI.test(grapheme) || WIDE.test(grapheme) ? 2 : 1
}

/** Text of exactly so many columns: cut with an ellipsis, or filled up with spaces. */
export function toColumns(text: string, columns: number): string {
  const width = displayWidth(text)
  return width <= columns ? text + ' '.repeat(columns - width) : padded(cut(text, columns), columns)
}

/** Text of at most so many columns, with an ellipsis when it was longer. */
export function cut(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns <= 0) return ''
  let kept = ''
  let width = 0
  for (const { segment } of graphemes(text)) {
    width += graphemeWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Text in lines of at most so many columns, broken between words where that can be. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((each) => broken(each, columns))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= columns) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** A word in pieces that fit into so many columns. */
function broken(word: string, columns: number): string[] {
  if (displayWidth(word) <= columns) return [word]
  const pieces = ['']
  for (const { segment } of graphemes(word)) {
    const longer = `${pieces.at(-1)}${segment}`
    if (displayWidth(longer) <= columns) pieces[pieces.length - 1] = longer
    else pieces.push(segment)
  }
  return pieces
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

/** `0.4s`, `59.9s`, `2m05s`, `1h02m`. */
export function duration(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`
  const seconds = Math.floor(tenths / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`
  return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`
}

/** A model id without provider, vendor prefix and date: `claude-haiku-4-5-20251001` is shown as `haiku-4-5`. */
export function shortModel(model: string): string {
  return plainText(model)
    .replace(/^.*\//, '')
    .replace(/^claude-/, '')
    .replace(/-\d{8}$/, '')
}
