import type { Encoding } from './negotiate.ts'

const SUFFIX: Readonly<Record<Encoding, string>> = { br: '-br', gzip: '-gz', identity: '' }

/** Strong validator of one coding of some bytes. */
export function etagOf(digest: string, encoding: Encoding): string {
  return `"${digest}${SUFFIX[encoding]}"`
}

/**
 * True when an `If-None-Match` header names `etag`. Unlike Express's `request.fresh` it looks at nothing else:
 * Node's own fetch adds `Cache-Control: no-cache` to every conditional request.
 */
export function noneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag
  })
}
