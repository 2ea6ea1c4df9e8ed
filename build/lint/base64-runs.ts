/** A stretch of base64 in a text, and the text it stands for. */
export interface Base64Run {
  readonly offset: number
  readonly length: number
  readonly decoded: string
}

const SHORTEST = 40
const PART = /[A-Za-z0-9+/_-]/

/** Decodes every run of base64 of forty characters or more that stands for text. */
export function base64Runs(text: string): Base64Run[] {
  return runs(text).flatMap(({ offset, length }) => {
    const decoded = decode(text.slice(offset, offset + length))
    return decoded === undefined ? [] : [{ offset, length, decoded }]
  })
}

interface Run {
  readonly offset: number
  readonly length: number
}

/** Only every fortieth character has to be looked at where there is no run. */
function runs(text: string): Run[] {
  const found: Run[] = []
  for (let at = SHORTEST - 1; at < text.length; ) {
    const { offset, length } = runAround(text, at)
    if (length >= SHORTEST) found.push({ offset, length })
    at = offset + length + SHORTEST
  }
  return found
}

/** The run that a character is part of; one of no length, just before it, when it is part of none. */
function runAround(text: string, at: number): Run {
  if (!PART.test(text.charAt(at))) return { offset: at, length: 0 }
  let start = at
  while (start > 0 && PART.test(text.charAt(start - 1))) start--
  let end = at + 1
  while (PART.test(text.charAt(end))) end++
  return { offset: start, length: end - start }
}

function decode(run: string): string | undefined {
  const bytes = Buffer.from(run.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
  const text = bytes.toString('utf8')
  const printable = text.replace(/[^\t\n\r\x20-\x7e\p{L}]/gu, '')
  return printable.length >= text.length * 0.9 ? text : undefined
}
