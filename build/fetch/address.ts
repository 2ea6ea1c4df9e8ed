import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isContentPath } from '../content-path.ts'
import type { Refusal } from './document.ts'

/** Where a reference leads. */
export type Address =
  | { readonly kind: 'remote'; readonly url: URL }
  /** Paths relative to the content root, in the order they are tried; `../x` lies beside the root. */
  | { readonly kind: 'local'; readonly paths: readonly string[] }
  /** A `file:` URL with a whole path. */
  | { readonly kind: 'absolute'; readonly path: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Reads a reference as it stands in the file `from`. */
export function addressOf(url: string, from: string): Address {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) return localAddress(url, from)
  if (scheme === 'file') return fileAddress(url.slice('file:'.length), from)
  if (scheme !== 'http' && scheme !== 'https') {
    return refused('fetch/scheme', `its scheme is "${scheme}:", expected https:, http:, file: or a path`)
  }
  const remote = URL.parse(url)
  if (remote === null) return refused('fetch/url', 'it has no host, expected a whole URL')
  if (remote.username !== '' || remote.password !== '') {
    return refused('fetch/credentials', 'it holds a user name or password, expected a public document')
  }
  remote.hash = ''
  return { kind: 'remote', url: remote }
}

/** The key of a reference in `Documents.byUrl`. */
export function documentKey(url: string, from: string): string {
  const address = addressOf(url, from)
  if (address.kind === 'remote') return address.url.href
  if (address.kind === 'local') return `file:${address.paths.join('|')}`
  return url
}

/** A reference as a message quotes it: whole up to a bound, without a password. */
export function quoteUrl(url: string): string {
  const open = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1…@')
  return JSON.stringify(open.length > 300 ? `${open.slice(0, 299)}…` : open)
}

function fileAddress(rest: string, from: string): Address {
  if (rest.startsWith('/')) return absoluteAddress(rest)
  try {
    return localAddress(decodeURIComponent(rest), from)
  } catch {
    return refused('fetch/url', 'it holds a "%" that encodes nothing, expected a file: URL')
  }
}

function absoluteAddress(rest: string): Address {
  try {
    return { kind: 'absolute', path: fileURLToPath(`file:${rest}`) }
  } catch {
    return refused('fetch/url', 'it is not a file: URL of this machine, expected a path')
  }
}

function localAddress(path: string, from: string): Address {
  if (path.startsWith('/') || path.includes('\\') || path.includes('\0')) {
    return refused('fetch/outside', `expected a path relative to "${from}" or to the content root`)
  }
  const joined = [posix.join(posix.dirname(from), path), posix.normalize(path)]
  const paths = [...new Set(joined)].filter(staysInside)
  if (paths.length === 0) {
    return refused(
      'fetch/outside',
      'it leaves the folder that holds the content root, or names a hidden or installed file, expected a file that is committed beside the content',
    )
  }
  return { kind: 'local', paths }
}

/** Inside the folder that holds the content root, and what a commit carries. */
export function staysInside(path: string): boolean {
  const below = path.startsWith('../') ? path.slice(3) : path
  return below !== '' && !below.endsWith('/') && isContentPath(below)
}

function refused(code: Refusal['code'], reason: string): Address {
  return { kind: 'refused', refusal: { code, reason } }
}
