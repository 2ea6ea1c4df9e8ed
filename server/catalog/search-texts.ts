import type { ReleaseText } from './texts.ts'

/** A line of a text in which something was found. */
export interface TextHit {
  readonly kind: ReleaseText['kind']
  readonly name: string
  readonly path: string
  readonly line: number
  readonly excerpt: string
}

/** Hits that are told; whoever wants others asks more precisely. */
const MAX_HITS = 60
/** Letters around a hit that are told. */
const BEFORE = 40
const WIDTH = 160

/** The first line of each text that holds the query, letters large or small. */
export function searchTexts(texts: readonly ReleaseText[], query: string): TextHit[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return []
  const hits: TextHit[] = []
  for (const { kind, name, path, text } of texts) {
    const at = text.toLowerCase().indexOf(wanted)
    if (at < 0) continue
    hits.push({ kind, name, path, ...place(text, at) })
    if (hits.length === MAX_HITS) break
  }
  return hits
}

function place(text: string, at: number): { readonly line: number; readonly excerpt: string } {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const stop = end < 0 ? text.length : end
  const line = text.slice(0, start).split('\n').length
  const from = Math.max(start, at - BEFORE)
  const to = Math.min(stop, from + WIDTH)
  const excerpt = `${from > start ? '…' : ''}${text.slice(from, to)}${to < stop ? '…' : ''}`
  return { line, excerpt }
}
