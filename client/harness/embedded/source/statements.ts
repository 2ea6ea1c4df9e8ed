/** A stretch of source text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Where the text from an opening bracket to its closing one stands. Strings, templates and comments are skipped
 * as far as a reader of lines can tell; undefined when the brackets do not close.
 */
export function bracketed(text: string, opening: number): Span | undefined {
  const token =
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[([{}\])]/g
  token.lastIndex = opening
  let depth = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (/^[([{]$/.test(match[0])) depth += 1
    if (/^[)\]}]$/.test(match[0])) depth -= 1
    if (depth === 0) return { start: opening, end: token.lastIndex }
  }
  return undefined
}

/** Body of a named function or arrow function, braces included. */
export function functionBody(text: string, name: string): Span | undefined {
  const escaped = name.replace(/[^\w]/g, '\\$&')
  const head = new RegExp(
    `(?:function\\s+${escaped}\\s*(?:<[^>]*>)?\\s*\\(|(?:const|let)\\s+${escaped}\\b[^=]*=\\s*(?:useCallback\\(\\s*)?(?:async\\s*)?\\()`,
  ).exec(text)
  if (!head) return undefined
  const parameters = bracketed(text, head.index + head[0].length - 1)
  if (!parameters) return undefined
  const brace = /^[^{;]*?\{/.exec(text.slice(parameters.end))
  return brace ? bracketed(text, parameters.end + brace[0].length - 1) : undefined
}

/** End of the statement that starts at `start`: the line on which all its brackets are closed. */
export function statementEnd(text: string, start: number): number {
  const token =
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[([{}\])\n]/g
  token.lastIndex = start
  let depth = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (/^[([{]$/.test(match[0])) depth += 1
    if (/^[)\]}]$/.test(match[0])) depth -= 1
    if (depth <= 0 && match[0] === '\n') return match.index + 1
  }
  return text.length
}

/** Inserts a line of its own at `index`, the start of a line, indented like the line at `like`. */
export function insertLine(text: string, line: string, { at, like }: { at: number; like: number }): string {
  const lineStart = text.lastIndexOf('\n', like - 1) + 1
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? ''
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  return `${text.slice(0, at)}${indent}${line}${eol}${text.slice(at)}`
}
