/** A stretch of base64 in a text, and the text it stands for. */
export interface Base64Run {
  readonly offset: number
  readonly length: number
  readonly decoded: string
}

const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}/g

/** Decodes every run of base64 of forty characters or more that stands for text. */
export function base64Runs(text: string): Base64Run[] {
  return [...text.matchAll(RUN)].flatMap((match) => {
    const decoded = decode(match[0])
    return decoded === undefined ? [] : [{ offset: match.index, length: match[0].length, decoded }]
  })
}

function decode(run: string): string | undefined {
  const bytes = Buffer.from(run.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
  const text = bytes.toString('utf8')
  const printable = text.replace(/[^\t\n\r\x20-\x7e\p{L}]/gu, '')
  return printable.length >= text.length * 0.9 ? text : undefined
}
