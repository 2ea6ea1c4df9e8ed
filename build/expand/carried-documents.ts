import { posix } from 'node:path'
import type { z } from 'zod'
import type { docReferenceSchema } from '../../schemas/group.ts'
import type { CarriedDocument } from '../expanded.ts'
import { errorAt, type Place, quote, type Report, warningAt } from '../finding.ts'
import { headingOf } from '../heading.ts'
import type { Library } from '../library.ts'
import type { OwnedVariant } from './variants.ts'

type DocReference = z.infer<typeof docReferenceSchema>

/**
 * The documents of the content tree that a variant names; remote ones are told and left out.
 * Undefined when one is missing or broken.
 */
export function carryDocuments(
  variant: OwnedVariant,
  library: Library,
  report: Report,
): CarriedDocument[] | undefined {
  const references = referencesOf(variant)
  for (const { url, place } of references) if (isRemote(url)) reportLeftOut(url, place, report)
  const local = references.filter(({ url }) => !isRemote(url))
  for (const { url, path, place } of local) if (!library.has(path)) reportMissing(url, place, report)
  return local.every(({ path }) => library.markdown(path, 'optional') !== undefined)
    ? carry(local, library)
    : undefined
}

function carry(references: readonly Reference[], library: Library): CarriedDocument[] {
  const carried = new Map<string, CarriedDocument>()
  const taken = new Set<string>()
  for (const { path, title } of references) {
    const markdown = library.markdown(path, 'optional')
    if (markdown === undefined || carried.has(path)) continue
    const name = freeName(path, taken)
    taken.add(name.toLowerCase())
    carried.set(path, { name, title: title ?? headingOf(markdown.body) ?? name, text: markdown.text })
  }
  return [...carried.values()]
}

function isRemote(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(url)
}

interface Reference {
  readonly url: string
  readonly title: string | undefined
  /** In the content tree, when the url is no address. */
  readonly path: string
  readonly place: Place
}

function referencesOf(owned: OwnedVariant): Reference[] {
  const { group, variant, source } = owned
  const list = (references: readonly DocReference[] | undefined, dir: string, place: (at: number) => Place) =>
    (references ?? []).map((reference, at) => {
      const { url, title } = typeof reference === 'string' ? { url: reference, title: undefined } : reference
      return { url, title, path: posix.join(dir, url), place: place(at) }
    })
  return [
    ...list(variant.docs_urls, source.dir, (at) => owned.place(['docs_urls', at])),
    ...list(group.config.shared_docs, group.dir, (at) => ({
      path: group.path,
      ...group.yaml.valueAt(['shared_docs', at]),
    })),
    ...list(variant.shared_docs, group.dir, (at) => owned.place(['shared_docs', at])),
  ]
}

/** Last segment of the path; more of the path, joined by dashes, as long as that is taken. */
function freeName(path: string, taken: ReadonlySet<string>): string {
  const parts = path.replace(/\.md$/, '').split('/')
  for (let count = 1; count <= parts.length; count++) {
    const name = `${parts.slice(-count).join('-')}.md`
    if (!taken.has(name.toLowerCase())) return name
  }
  return `${parts.join('-')}-${taken.size}.md`
}

function reportLeftOut(url: string, place: Place, report: Report): void {
  const message = `Cannot fetch ${quote(url)}: it is left out of this build, expected a path inside the content tree`
  report(warningAt(place, { code: 'fetch/not-available', message }))
}

function reportMissing(url: string, place: Place, report: Report): void {
  const message = `Cannot find the document ${quote(url)}: expected a path inside the content tree, relative to the group's folder`
  report(errorAt(place, { code: 'expand/document', message }))
}
