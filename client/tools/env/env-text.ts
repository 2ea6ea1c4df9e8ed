import { isPlaceholder } from './env-key.ts'

/** One assignment of a file of environment values. */
interface EnvEntry {
  readonly key: string
  readonly value: string
  /** Where the value stands, quotes included. */
  readonly start: number
  readonly end: number
}

/** What a file says of a key. */
export type Standing = 'set' | 'placeholder' | 'empty' | 'missing'

/** Quoted values may go on over lines, which are no assignments of their own. */
const ENTRY =
  /^(\uFEFF?[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)(?:[ \t]*=|:[ \t])[ \t]*)("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\r\n#]*)[^\r\n]*/gms

/** How a key stands in a file's text; of several assignments the last one counts. */
export function standingOf(text: string, key: string): Standing {
  const entry = entryOf(text, key)
  if (entry === undefined) return 'missing'
  if (entry.value === '') return 'empty'
  return isPlaceholder(entry.value) ? 'placeholder' : 'set'
}

/** The text with each key set; all that is not a value of one of them stays as it is. */
export function withValues(text: string, values: ReadonlyMap<string, string>): string {
  return [...values].reduce((before, [key, value]) => withValue(before, key, quoted(value)), text)
}

/** Why a value cannot be written so that every loader reads the same; undefined when it can. */
export function unwritable(value: string): string | undefined {
  if (value.length > 4096) return 'expected at most 4,096 characters'
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)) return 'expected one line without control characters'
  if (/[$`\\]/.test(value)) return 'expected none of "$", "`" and "\\", which loaders read differently'
  return value.includes("'") && value.includes('"') ? 'expected not both kinds of quotes' : undefined
}

function entryOf(text: string, key: string): EnvEntry | undefined {
  return entriesOf(text).findLast((entry) => entry.key === key)
}

function entriesOf(text: string): EnvEntry[] {
  return [...text.matchAll(ENTRY)].map((match) => {
    const [, before = '', key = '', raw = ''] = match
    const written = raw.trimEnd()
    const start = match.index + before.length
    return { key, value: unquoted(written), start, end: start + written.length }
  })
}

function unquoted(written: string): string {
  const quote = written[0] ?? ''
  const isQuoted = written.length > 1 && /["'`]/.test(quote) && written.endsWith(quote)
  return (isQuoted ? written.slice(1, -1) : written).trim()
}

function withValue(text: string, key: string, written: string): string {
  const entry = entryOf(text, key)
  if (entry === undefined) return appended(text, `${key}=${written}`)
  const rest = text.slice(entry.end)
  return text.slice(0, entry.start) + written + (rest.startsWith('#') ? ' ' : '') + rest
}

function appended(text: string, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const gap = text === '' || /[\r\n]$/.test(text) ? '' : end
  return `${text}${gap}${line}${end}`
}

function quoted(value: string): string {
  if (/^[\w./:@%+,=~?&-]+$/.test(value)) return value
  return value.includes("'") ? `"${value}"` : `'${value}'`
}
