import { addressOf, documentKey, quoteUrl } from '../fetch/address.ts'
import type { Refusal } from '../fetch/document.ts'
import { errorAt, type Place, type Report, warningAt } from '../finding.ts'
import { headingOf } from '../heading.ts'
import type { Sources } from '../sources.ts'

/** A reference to a document as it stands in the file `from`. */
export interface DocReference {
  readonly url: string
  readonly from: string
  readonly place: Place
}

/** A document that is there. */
export interface ReadDocument {
  /** The same for every reference to it. */
  readonly key: string
  /** Path or URL that its name is made from. */
  readonly address: string
  readonly text: string
  readonly title: string | undefined
}

/**
 * The text behind a reference: a file of the tree, or what was fetched. `missing` stands for a mistake that has been
 * told, `unread` for a document that nobody fetched for this build.
 */
export function readDocument(
  { url, from, place }: DocReference,
  sources: Sources,
  report: Report,
): ReadDocument | 'missing' | 'unread' {
  const address = addressOf(url, from)
  const paths = address.kind === 'local' ? address.paths : []
  const path = paths.find(sources.has)
  if (path !== undefined) {
    const markdown = sources.markdown(path)
    if (markdown === undefined) return 'missing'
    return { key: path, address: path, text: markdown.text, title: headingOf(markdown.body) }
  }
  const key = documentKey(url, from)
  const fetched = sources.document(key)
  if (typeof fetched === 'object') {
    return { key, address: paths[0] ?? key, text: fetched.text, title: fetched.title }
  }
  if (fetched === 'missing') return 'missing'
  const told = ({ code, reason }: Refusal) => ({ code, message: `Cannot fetch ${quoteUrl(url)}: ${reason}` })
  if (address.kind === 'refused') {
    report(errorAt(place, told(address.refusal)))
    return 'missing'
  }
  if (paths.length > 0 && !paths.some((one) => one.startsWith('../'))) {
    const names = paths.map((one) => `"${one}"`).join(' or ')
    report(errorAt(place, told({ code: 'fetch/missing', reason: `there is no file ${names}, expected one` })))
    return 'missing'
  }
  const reason = 'it was not fetched for this build and is left out, expected a build with the fetch stage'
  report(warningAt(place, told({ code: 'fetch/not-read', reason })))
  return 'unread'
}
