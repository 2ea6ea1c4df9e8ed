import { longRuns } from './long-runs.ts'

/** A stretch of base64 in a text, and the text it stands for. */
export interface Base64Run {
  readonly offset: number
  readonly length: number
  readonly decoded: string
}

const SHORTEST = 40

/** Decodes every run of base64 of forty characters or more that stands for text. */
export function base64Runs(text: string): Base64Run[] {
  return [...longRuns(text, SHORTEST)].flatMap(({ offset, length }) => {
    const decoded = decode(text.slice(offset, offset + length))
    return decoded === undefined ? [] : [{ offset, length, decoded }]
  })
}

function decode(run: string): string | undefined {
  const bytes = Buffer.from(run.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
  const text = bytes.toString('utf8')
  const printable = text.replace(/[^\t\n\r\x20-\x7e\p{L}]/gu, '')
  return printable.length >= text.length * 0.9 ? text : undefined
}
