import type { Position } from '../position.ts'
import type { Text } from '../text.ts'
import { outline } from './outline.ts'

/** One `mill-ignore code: why`, and the lines it holds for. */
export interface IgnoreNote {
  readonly code: string
  /** Empty when there is none. */
  readonly reason: string
  readonly at: Position
  readonly scope: 'file' | { readonly from: number; readonly to: number }
}

const WORD = 'mill-ignore'
const NOTE = /^\s*mill-ignore(?![\w-])[ \t]*([^\s:]*)[ \t]*:?([\s\S]*)$/
const FRONTMATTER = /^---\n[\s\S]*?\n---(?:\n|$)/

/** Finds the notes of a file: HTML comments in markdown outside of code, `#` comments in YAML and frontmatter. */
export function ignoreNotes(source: Text): IgnoreNote[] {
  if (!source.text.includes(WORD)) return []
  const remarks = remarksOf(source)
  const noted = remarks.flatMap((remark) => {
    const match = NOTE.exec(remark.text)
    return match === null ? [] : [{ ...remark, code: match[1] ?? '', reason: (match[2] ?? '').trim() }]
  })
  const ends = new Set(noted.filter(({ alone }) => alone).map(({ first }) => first))
  return noted.map(({ code, reason, first, last, heads, at }) => {
    let to = last + 1
    // Notes may stand one below the other: what they are about comes after the last.
    while (ends.has(to)) to++
    return { code, reason, at, scope: heads ? 'file' : { from: first, to } }
  })
}

interface Remark {
  readonly text: string
  readonly at: Position
  readonly first: number
  readonly last: number
  /** Nothing else stands on its line. */
  readonly alone: boolean
  /** Nothing but other notes stands before it. */
  readonly heads: boolean
}

function remarksOf(source: Text): Remark[] {
  if (/\.ya?ml$/.test(source.path)) return yamlRemarks(source, source.text)
  if (!source.path.endsWith('.md')) return []
  const [matter = ''] = FRONTMATTER.exec(source.text) ?? []
  return [
    ...yamlRemarks(source, matter).map((remark) => ({ ...remark, heads: false })),
    ...markdownRemarks(source, matter.length),
  ]
}

function markdownRemarks({ text, positionOf }: Text, bodyOffset: number): Remark[] {
  const body = text.slice(bodyOffset)
  let clear = 0
  return outline(body).comments.map((comment) => {
    const heads = body.slice(clear, comment.offset).trim() === '' && clear >= 0
    clear = heads && comment.text.trimStart().startsWith(WORD) ? comment.offset + comment.length : -1
    const at = positionOf(bodyOffset + comment.offset)
    const last = positionOf(bodyOffset + comment.offset + comment.length).line
    const line = body.slice(
      body.lastIndexOf('\n', comment.offset) + 1,
      endOfLine(body, comment.offset + comment.length),
    )
    return {
      text: comment.text,
      at,
      first: at.line,
      last,
      alone: line.trim().length === comment.length,
      heads,
    }
  })
}

function yamlRemarks({ positionOf }: Text, yaml: string): Remark[] {
  const remarks: Remark[] = []
  let onlyNotes = true
  let offset = 0
  for (const line of yaml.split('\n')) {
    const hash = hashOf(line)
    const alone = hash !== undefined && line.slice(0, hash).trim() === ''
    if (hash !== undefined) {
      const at = positionOf(offset + hash)
      remarks.push({
        text: line.slice(hash + 1),
        at,
        first: at.line,
        last: at.line,
        alone,
        heads: onlyNotes && alone,
      })
    }
    onlyNotes &&= alone || line.trim() === ''
    offset += line.length + 1
  }
  return remarks
}

/** Where the `#` of a note stands: a comment, not a part of a quoted text. */
function hashOf(line: string): number | undefined {
  const word = line.indexOf(WORD)
  const hash = word < 0 ? -1 : line.lastIndexOf('#', word)
  if (hash < 0 || line.slice(hash + 1, word).trim() !== '') return undefined
  const before = line.slice(0, hash)
  return /["']/.test(before) || !/(?:^|[ \t])$/.test(before) ? undefined : hash
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}
