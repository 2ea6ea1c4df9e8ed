/** Text of the first heading of a markdown body; undefined when it has none. */
export function headingOf(body: string): string | undefined {
  const line = headingLine(body)
  return line?.text.replace(/^#+ */, '').trim() || undefined
}

/** The first heading line of a markdown body outside code fences, and the offset at which it ends. */
export function headingLine(body: string): { readonly text: string; readonly end: number } | undefined {
  let offset = 0
  let fence: string | undefined
  for (const text of body.split('\n')) {
    const mark = fenceMark(text)
    if (mark !== undefined && (fence ?? mark) === mark) fence = fence === undefined ? mark : undefined
    if (fence === undefined && /^#{1,6} +\S/.test(text)) return { text, end: offset + text.length }
    offset += text.length + 1
  }
  return undefined
}

/** The kind of code fence that a line opens or closes; undefined for any other line. */
export function fenceMark(line: string): string | undefined {
  return /^ {0,3}(```|~~~)/.exec(line)?.[1]
}
