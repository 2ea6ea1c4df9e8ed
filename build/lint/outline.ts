import { type MarkdownComment, maskCode } from './mask-code.ts'
import { slugger } from './slug.ts'

/** A place in markdown that leads somewhere. */
export interface MarkdownLink {
  /** As written, without angle brackets. */
  readonly target: string
  readonly offset: number
}

/** What a markdown text refers to, and what is said beside it. */
export interface Outline {
  readonly links: readonly MarkdownLink[]
  readonly comments: readonly MarkdownComment[]
}

/**
 * Reads links and comments of a markdown text in time linear in its length, whatever it holds.
 * Where CommonMark would backtrack, this decides at once; a test compares the two on honest documents.
 */
export function outline(text: string): Outline {
  const { masked, comments } = maskCode(text)
  return {
    links: [...inlineLinks(masked), ...definitions(masked), ...htmlLinks(masked)]
      .map((link) => cutFrom(text, link))
      .sort((a, b) => a.offset - b.offset),
    comments,
  }
}

/** What other files can refer to in a markdown text. */
export function anchors(text: string): ReadonlySet<string> {
  const { masked } = maskCode(text)
  return new Set([...headingAnchors(text, masked), ...htmlAnchors(masked)])
}

/** The same link as a piece of the text itself: a piece of the masked text would keep all of that in memory. */
function cutFrom(text: string, { target, offset }: MarkdownLink): MarkdownLink {
  const written = text.slice(offset, offset + target.length)
  return { target: written === target ? written : target, offset }
}

/** What stands between `](` and `)`, up to a title. */
const TARGET =
  /\]\([ \t]*\n?[ \t]*(?:<([^<>\n]{0,2000})>|([^\s()<>]{1,2000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,2000}){0,5}))[ \t]*\n?[ \t]*([)"'(])/g

function inlineLinks(masked: string): MarkdownLink[] {
  return [...masked.matchAll(TARGET)]
    .filter(({ index }) => masked.charAt(index - 1) !== '\\' && isOpened(masked, index))
    .map((match) => {
      const target = match[1] ?? match[2] ?? ''
      return { target, offset: match.index + match[0].indexOf(target, 2) }
    })
}

/** Text of a link that is looked through for its opening bracket. */
const LONGEST_TEXT = 1000

function isOpened(masked: string, close: number): boolean {
  const before = masked.slice(Math.max(0, close - LONGEST_TEXT), close)
  return before.lastIndexOf('[') > before.lastIndexOf('\n\n')
}

function definitions(masked: string): MarkdownLink[] {
  if (!masked.includes(']:')) return []
  const pattern = /^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]*<?([^\s<>]{1,2000})/gm
  return [...masked.matchAll(pattern)].map((match) => {
    const target = match[1] ?? ''
    return { target, offset: match.index + match[0].length - target.length }
  })
}

function htmlLinks(masked: string): MarkdownLink[] {
  if (!masked.includes('<')) return []
  const pattern = /<(?:a|img|source|video)\s[^<>]{0,300}?(?:href|src)=["']([^"'<>\n]{1,2000})/gi
  return [...masked.matchAll(pattern)].map((match) => {
    const target = match[1] ?? ''
    return { target, offset: match.index + match[0].length - target.length }
  })
}

function htmlAnchors(masked: string): string[] {
  if (!masked.includes('<')) return []
  const pattern = /<[a-z][a-z0-9]{0,20}\s[^<>]{0,300}?(?:id|name)=["']([^"'<>\n]{1,200})/gi
  return [...masked.matchAll(pattern)].map((match) => match[1] ?? '')
}

/** The anchors that headings get, in the order of the headings: a second one of a name ends in `-1`. */
function headingAnchors(text: string, masked: string): string[] {
  const slug = slugger()
  const found: string[] = []
  let offset = 0
  let above = ''
  for (const line of masked.split('\n')) {
    const written = text.slice(offset, offset + line.length)
    offset += line.length + 1
    const heading = /^ {0,3}#{1,6}[ \t]/.test(line)
      ? written
          .trim()
          .replace(/^#{1,6}[ \t]+/, '')
          .replace(/(?:^|[ \t])#{1,10}$/, '')
      : /^ {0,3}(?:={1,200}|-{1,200})[ \t]{0,20}$/.test(line)
        ? above
        : undefined
    if (heading !== undefined && heading.trim() !== '') found.push(...slug(heading.trim()))
    above = heading === undefined ? written : ''
  }
  return found
}
