import { stat } from 'node:fs/promises'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { type FileReader, folderReader } from './folder-reader.ts'

/** What answers in place of the sources of remote documents (`--docs-from`). */
export type Preview =
  | { readonly kind: 'folder'; readonly folder: string; readonly read: FileReader }
  | { readonly kind: 'origin'; readonly origin: URL }

/**
 * Reads the value of `--docs-from`: a folder, or an http(s) origin.
 *
 * @throws {CommandError} `fetch/docs-from` when it is neither.
 */
export async function openPreview(docsFrom: string, maxBytes: number): Promise<Preview> {
  if (/^https?:\/\//i.test(docsFrom)) {
    const origin = URL.parse(docsFrom)
    if (origin !== null && origin.username === '' && origin.password === '') return { kind: 'origin', origin }
  } else if (await isFolder(docsFrom)) {
    return { kind: 'folder', folder: docsFrom, read: folderReader(docsFrom, maxBytes) }
  }
  const message = `Cannot take documents from "${docsFrom}": expected a folder that exists, or an origin such as http://localhost:3000`
  throw new CommandError('fetch/docs-from', message, { exit: EXIT.usage })
}

/** The address at another origin that stands for a document: same path, same query. */
export function substitute(url: URL, origin: URL): URL {
  const base = origin.pathname.replace(/\/+$/, '')
  const target = new URL(origin.origin)
  target.pathname = base + url.pathname
  target.search = url.search
  return target
}

/**
 * Where a folder may hold a document, in the order it is looked for: `<host>/<pathname>`, the same with `.md`,
 * and `index.md` or `index` below it. A query is looked for first, as `<pathname>@<query>`, each of its characters
 * but letters, digits, `.`, `_`, `=`, `&` and `-` replaced by `_`; then without it.
 */
export function previewPaths(url: URL): string[] {
  const segments = url.pathname.split('/').slice(1)
  const written = segments.join('/')
  const readable = segments.map(decoded).join('/')
  return [...new Set([readable, written])].flatMap((path) => candidates(url, path))
}

function candidates({ host, search }: URL, path: string): string[] {
  const query = search.slice(1).replace(/[^A-Za-z0-9._=&-]/g, '_')
  const file = `${host}/${path}`.replace(/\/+$/, '')
  const index = [`${file}/index.md`, `${file}/index`]
  const plain = path === '' || path.endsWith('/') ? index : [file, `${file}.md`, ...index]
  return query === '' ? plain : [`${file}@${query}`, `${file}@${query}.md`, ...plain]
}

/** A segment as a person would name the file; as it is written when that could mean another folder. */
function decoded(segment: string): string {
  try {
    const name = decodeURIComponent(segment)
    return /[/\\\0]/.test(name) || name === '.' || name === '..' ? segment : name
  } catch {
    return segment
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}
