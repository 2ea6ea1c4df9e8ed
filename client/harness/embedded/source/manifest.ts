import { bracketed } from './statements.ts'

/** `text` of a package.json with one more dependency; every other byte as it was. Undefined when that cannot be done. */
export function withDependency(text: string, name: string, range: string): string | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const block = topLevelBlock(text)
  if (!block) return undefined
  const entry = `${JSON.stringify(name)}: ${JSON.stringify(range)}`
  if (block.kind === 'absent') {
    const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
    const added = `,${eol}${indent}"dependencies": {${eol}${indent}${indent}${entry}${eol}${indent}}`
    return text.slice(0, block.end) + added + text.slice(block.end)
  }
  const inner = text.slice(block.start, block.end)
  return (
    text.slice(0, block.start) +
    withEntry(inner, { name, entry, eol, before: text.slice(0, block.start) }) +
    text.slice(block.end)
  )
}

interface Insertion {
  readonly name: string
  readonly entry: string
  readonly eol: string
  /** The text in front of the block, for its indentation. */
  readonly before: string
}

function withEntry(inner: string, { name, entry, eol, before }: Insertion): string {
  const names = [...inner.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)]
  if (names.length === 0) {
    const indent = /([ \t]*)"dependencies"\s*:\s*\{$/.exec(before)?.[1] ?? '  '
    return `${eol}${indent}${indent}${entry}${eol}${indent}`
  }
  const gap = /^\s*/.exec(inner)?.[0] ?? ' '
  const keys = names.map((match) => match[1] ?? '')
  const sorted = keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key)
  const next = sorted ? names.find((match) => (match[1] ?? '') > name) : undefined
  if (next) return `${inner.slice(0, next.index)}${entry},${gap}${inner.slice(next.index)}`
  const last = inner.trimEnd()
  return `${last},${gap}${entry}${inner.slice(last.length)}`
}

type Block =
  | { readonly kind: 'found'; readonly start: number; readonly end: number }
  | { readonly kind: 'absent'; readonly end: number }

/** Where the contents of the outermost `dependencies` stand; or the end of the last member, when there is none. */
function topLevelBlock(text: string): Block | undefined {
  const opening = text.indexOf('{')
  const whole = opening === -1 ? undefined : bracketed(text, opening)
  if (!whole) return undefined
  for (const match of text.matchAll(/"dependencies"\s*:\s*\{/g)) {
    const start = match.index + match[0].length
    const block = bracketed(text, start - 1)
    if (block && depthAt(text, match.index) === 1) return { kind: 'found', start, end: block.end - 1 }
  }
  return { kind: 'absent', end: text.slice(0, whole.end - 1).trimEnd().length }
}

function depthAt(text: string, index: number): number {
  const brackets = text.slice(0, index).replace(/"(?:[^"\\]|\\.)*"/g, '')
  return (brackets.match(/[{[]/g)?.length ?? 0) - (brackets.match(/[}\]]/g)?.length ?? 0)
}
