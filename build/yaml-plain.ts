import type { LocatedYaml, YamlPart } from './yaml-part.ts'

/** Longer texts are for the library, which counts what they hold. */
const LONGEST = 100_000
/** Deeper ones as well: what nests too deep has to be told. */
const DEEPEST = 6

/**
 * Reads YAML that is as plain as nearly all of it: indented `key: value` and `- item` in ASCII, each value on one line.
 * Undefined for any other text, sound or not: the library reads that, thirty times slower. What is read here the
 * library would read the same.
 */
export function readPlainYaml(text: string): LocatedYaml | undefined {
  const marks = text.length > LONGEST ? undefined : marksOf(text)
  const [first] = marks ?? []
  if (marks === undefined || first === undefined) return undefined
  const reader: Reader = { marks, at: 0 }
  const root = readBlock(reader, first.indent, 0)
  if (root === undefined || reader.at < marks.length) return undefined
  return { data: root.data, root: { key: root.offset, value: root.offset, parts: root.parts } }
}

/** A dash, or what stands behind it or on a line of its own: a key, a value or both. */
interface Mark {
  readonly indent: number
  readonly offset: number
  readonly isDash: boolean
  readonly key: string | undefined
  /** Empty when the value stands on the next lines. */
  readonly value: string
  readonly valueOffset: number
}

const FLOW_WORD = '[A-Za-z_/][A-Za-z0-9_./-]*'
/** A plain scalar with neither a key nor a comment in it, a short number, quotes without escapes, a list of words. */
const VALUE = [
  '(?:[A-Za-z_/]|\\.{1,2}/|[0-9]{1,9}[- ][A-Za-z])(?:[ -"$-9;-~]|:(?=[!-~])|(?<=[!-~])#)*(?<! )',
  '(?:0|[1-9][0-9]{0,8})',
  '"[ !#-[\\]-~]*"',
  "'[ -&(-~]*'",
  `\\[(?:${FLOW_WORD}(?:, ${FLOW_WORD})*)?\\]`,
].join('|')
const KEY = '([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +|(?=\\n|$))'
const LINE = new RegExp(`( *)(?:#.*|(- (?=[^ \\n]))?(?:${KEY})?(${VALUE})?)(?:\\n|$)`, 'y')

function marksOf(text: string): Mark[] | undefined {
  const marks: Mark[] = []
  LINE.lastIndex = 0
  while (LINE.lastIndex < text.length) {
    const line = LINE.exec(text)
    if (line === null) return undefined
    marks.push(...marksOfLine(line))
  }
  return marks
}

function marksOfLine({
  0: line,
  1: spaces = '',
  2: dash,
  3: key,
  4: value = '',
  index,
}: RegExpExecArray): Mark[] {
  if (key === undefined && value === '') return []
  const valueOffset = index + line.trimEnd().length - value.length
  const mark = {
    isDash: false,
    indent: spaces.length,
    offset: index + spaces.length,
    key,
    value,
    valueOffset,
  }
  if (dash === undefined) return [mark]
  const { indent, offset } = mark
  return [
    { ...mark, isDash: true },
    { ...mark, indent: indent + dash.length, offset: offset + dash.length },
  ]
}

interface Reader {
  readonly marks: readonly Mark[]
  at: number
}

interface Node {
  readonly data: unknown
  readonly offset: number
  readonly parts: ReadonlyMap<PropertyKey, YamlPart>
}

function readBlock(reader: Reader, indent: number, depth: number): Node | undefined {
  const mark = reader.marks[reader.at]
  if (mark === undefined || depth > DEEPEST) return undefined
  if (mark.isDash) return readItems(reader, indent, depth)
  return mark.key === undefined ? undefined : readPairs(reader, indent, depth)
}

function readItems(reader: Reader, indent: number, depth: number): Node | undefined {
  const offset = reader.marks[reader.at]?.offset ?? 0
  const data: unknown[] = []
  const parts = new Map<PropertyKey, YamlPart>()
  while (isAt(reader, indent) && reader.marks[reader.at]?.isDash === true) {
    const item = reader.marks[++reader.at]
    const node = item?.key === undefined ? readValue(reader) : readBlock(reader, item.indent, depth + 1)
    if (node === undefined) return undefined
    parts.set(data.length, { key: node.offset, value: node.offset, parts: node.parts })
    data.push(node.data)
  }
  return { data, offset, parts }
}

/** Keys that are no text, or that JavaScript has a meaning for. */
const ODD_KEY = /^(?:null|true|false|__proto__|constructor|prototype)$/i

function readPairs(reader: Reader, indent: number, depth: number): Node | undefined {
  const offset = reader.marks[reader.at]?.offset ?? 0
  const data: Record<string, unknown> = {}
  const parts = new Map<PropertyKey, YamlPart>()
  while (isAt(reader, indent)) {
    const pair = reader.marks[reader.at]
    if (pair?.key === undefined || pair.isDash) break
    if (ODD_KEY.test(pair.key) || parts.has(pair.key)) return undefined
    const node = pair.value === '' ? readBelow(reader, indent, depth) : readValue(reader)
    if (node === undefined) return undefined
    parts.set(pair.key, { key: pair.offset, value: node.offset, parts: node.parts })
    data[pair.key] = node.data
  }
  return { data, offset, parts }
}

function isAt({ marks, at }: Reader, indent: number): boolean {
  return marks[at]?.indent === indent
}

/** The value of a key that stands on the next lines; the dashes of a list may stand right below the key. */
function readBelow(reader: Reader, indent: number, depth: number): Node | undefined {
  const next = reader.marks[++reader.at]
  if (next === undefined) return undefined
  const isBelow = next.indent > indent || (next.isDash && next.indent === indent)
  return isBelow ? readBlock(reader, next.indent, depth + 1) : undefined
}

/** The value of a mark. A next line that is further in would be more of it: nobody reads that, so the text is not plain. */
function readValue(reader: Reader): Node | undefined {
  const mark = reader.marks[reader.at++]
  if (mark === undefined) return undefined
  const { value, valueOffset: offset } = mark
  if (!value.startsWith('[')) return { data: scalarOf(value), offset, parts: NONE }
  const words = [...value.matchAll(WORDS)]
  const parts = words.map(({ index }, nth) => {
    return [nth, { key: offset + index, value: offset + index, parts: NONE }] as const
  })
  return { data: words.map(([word]) => scalarOf(word)), offset, parts: new Map(parts) }
}

const WORDS = new RegExp(FLOW_WORD, 'g')
const NONE: Node['parts'] = new Map()

function scalarOf(text: string): unknown {
  if (/^["']/.test(text)) return text.slice(1, -1)
  if (/^[0-9]+$/.test(text)) return Number(text)
  if (/^(?:null|Null|NULL)$/.test(text)) return null
  return /^(?:true|True|TRUE|false|False|FALSE)$/.test(text) ? text.toLowerCase() === 'true' : text
}
