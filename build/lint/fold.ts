import { hiddenCharacters } from '../../schemas/hidden-text.ts'
import { LOOK_ALIKES } from './look-alikes.ts'

/** A text as its reader takes it, whatever characters it was written in. */
export interface Folded {
  /** Lower case, Latin letters for their look-alikes, nothing hidden, character references resolved, tag characters read. */
  readonly text: string
  /** Offset in the source of an offset in `text`. */
  readonly offsetAt: (offset: number) => number
}

/** Whatever is not read as it is written. */
const ODD = /&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|nbsp|shy|zwnj|zwj);|[^\t\n\r\x20-\x7e]/giu

const NOT_ASCII = /[^\t\n\r\x20-\x7e]/

/** Folds a text; what is read alike folds alike. */
export function fold(text: string): Folded {
  if (!text.includes('&') && !NOT_ASCII.test(text))
    return { text: text.toLowerCase(), offsetAt: (offset) => offset }
  const pieces: string[] = []
  const starts: Start[] = []
  let length = 0
  const add = (piece: string, start: Omit<Start, 'folded'>) => {
    if (piece === '') return
    starts.push({ ...start, folded: length })
    pieces.push(piece)
    length += piece.length
  }
  let source = 0
  for (const match of text.matchAll(ODD)) {
    add(text.slice(source, match.index).toLowerCase(), { source, written: true })
    add(read(match[0]), { source: match.index, written: false })
    source = match.index + match[0].length
  }
  add(text.slice(source).toLowerCase(), { source, written: true })
  starts.push({ folded: length, source: text.length, written: false })
  return { text: pieces.join(''), offsetAt: offsetsBy(starts) }
}

interface Start {
  readonly folded: number
  readonly source: number
  /** Each character stands for itself. */
  readonly written: boolean
}

function offsetsBy(starts: readonly Start[]): (offset: number) => number {
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle]?.folded ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const { folded, source, written } = starts[low] ?? { folded: 0, source: 0, written: true }
    return written ? source + offset - folded : source
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ' }
const TAGS = 0xe0000

function read(odd: string): string {
  if (odd.startsWith('&')) return readReference(odd.slice(1, -1).toLowerCase())
  const tag = (odd.codePointAt(0) ?? 0) - TAGS
  if (tag >= 0x20 && tag <= 0x7e) return String.fromCharCode(tag).toLowerCase()
  return hiddenCharacters(odd).length > 0 ? '' : letters(odd)
}

function readReference(name: string): string {
  if (!name.startsWith('#')) return NAMED[name] ?? ''
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  const character = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  return hiddenCharacters(character).length > 0 ? '' : letters(character)
}

/** Compatibility forms become plain, accents fall off, look-alikes become what they look like. */
function letters(character: string): string {
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return [...plain].map((letter) => LOOK_ALIKES.get(letter) ?? letter).join('')
}
