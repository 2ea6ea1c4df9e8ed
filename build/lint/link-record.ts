import { type LinkRecord, linkRecordSchema } from '../../schemas/link-record.ts'
import { comparePaths } from '../content-path.ts'

/** Where the record of unanswered links stands, relative to the content root. */
export const LINK_RECORD_PATH = 'content.links.json'

/** Reads a record; undefined when it is not as `formatLinkRecord` writes it. */
export function parseLinkRecord(text: string): LinkRecord | undefined {
  try {
    return linkRecordSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The one text of a record: sorted by URL, one a line, so that branches merge. */
export function formatLinkRecord(unanswered: LinkRecord['unanswered']): string {
  const sorted = Object.entries(unanswered).sort(([a], [b]) => comparePaths(a, b))
  const lines = sorted.map(
    ([url, { on, reason }]) => `    ${JSON.stringify(url)}: ${JSON.stringify({ on, reason })}`,
  )
  const links = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`
  return `{\n  "version": 1,\n  "unanswered": ${links}\n}\n`
}
