import type { Place } from '../finding.ts'
import type { Text } from '../text.ts'
import { type Outline, outline } from './outline.ts'

/** A link of an authored text that leads to somebody else's page. */
export interface ExternalLink {
  /** Without its fragment. */
  readonly url: string
  readonly place: Place
}

/** The external links of the markdown that authors write, in the order of the texts. */
export function externalLinks(
  texts: Iterable<Text>,
  outlineOf: (text: string) => Outline = outline,
): ExternalLink[] {
  return [...texts].flatMap((source) => {
    if (!/^(agents|skills|shared)\/.*\.md$/.test(source.path) || !source.text.includes('://')) return []
    return outlineOf(source.text).links.flatMap(({ target, offset }) => {
      const url = externalUrl(target)
      return url === undefined ? [] : [{ url, place: { path: source.path, ...source.positionOf(offset) } }]
    })
  })
}

/** Undefined for what is no address, leads to no public host, or is only the pattern of an address. */
function externalUrl(target: string): string | undefined {
  if (!/^https?:\/\//i.test(target) || /[{}<>$*…]/.test(target)) return undefined
  const url = URL.parse(target)
  if (url === null || url.username !== '' || url.password !== '' || !isPublic(url.hostname)) return undefined
  url.hash = ''
  return url.href
}

function isPublic(host: string): boolean {
  if (/^[\d.]+$|[:[\]]/.test(host) || !host.includes('.')) return false
  return !/(^|\.)(localhost|local|test|example|invalid|internal|example\.(com|org|net))$/.test(host)
}
