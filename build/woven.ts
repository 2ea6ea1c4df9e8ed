/** What a stretch of a served text was made from. */
export type Material =
  /** Copied from a text with its includes in place, from that offset on. */
  | { readonly kind: 'authored'; readonly offset: number }
  /** Written in a config, once. */
  | { readonly kind: 'value'; readonly name: 'display_name' | 'description' | 'preamble' }
  /** A rule of `commandments.yaml`. */
  | { readonly kind: 'rule'; readonly rule: string }
  /** Made by the build: what it is. */
  | { readonly kind: 'generated'; readonly what: string }

/** A stretch of a text that knows what it was made from. */
export interface Piece {
  readonly text: string
  readonly from: Material
}

/** A text in pieces. */
export type Woven = readonly Piece[]

export function generated(what: string, text: string): Piece {
  return { text, from: { kind: 'generated', what } }
}

export function authored(text: string, offset: number): Piece {
  return { text, from: { kind: 'authored', offset } }
}

/** The text that pieces are together. */
export function textOfPieces(pieces: Woven): string {
  return pieces.map(({ text }) => text).join('')
}
