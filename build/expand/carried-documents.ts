import type { z } from 'zod'
import type { docReferenceSchema } from '../../schemas/group.ts'
import type { CarriedDocument } from '../expanded.ts'
import { referenceNames } from '../fetch/reference-names.ts'
import type { Place, Report } from '../finding.ts'
import type { Sources } from '../sources.ts'
import { type DocReference, type ReadDocument, readDocument } from './read-document.ts'
import type { OwnedVariant } from './variants.ts'

/**
 * The documents that a variant names, under names that are free beside those `taken`.
 * Undefined when one is missing or broken.
 */
export function carryDocuments(
  variant: OwnedVariant,
  { taken, sources }: { readonly taken: Iterable<string>; readonly sources: Sources },
  report: Report,
): CarriedDocument[] | undefined {
  const read = referencesOf(variant).map((reference) => ({
    title: reference.title,
    document: readDocument(reference, sources, report),
  }))
  if (read.some(({ document }) => document === 'missing')) return undefined
  const found = new Map<string, ReadDocument>()
  for (const { title, document } of read) {
    if (typeof document === 'string') continue
    const before = found.get(document.key)
    if (before === undefined) found.set(document.key, { ...document, title: title ?? document.title })
  }
  const documents = [...found.values()]
  const names = referenceNames(
    documents.map(({ address }) => address),
    taken,
  )
  return documents.map(({ key, address, text, title }) => {
    const name = names.get(address) ?? address
    return { name, origin: key, title: title ?? name, text }
  })
}

interface TitledReference extends DocReference {
  readonly title: string | undefined
}

type Written = z.infer<typeof docReferenceSchema>

function referencesOf(owned: OwnedVariant): TitledReference[] {
  const { group, variant, source } = owned
  const list = (references: readonly Written[] | undefined, from: string, place: (at: number) => Place) =>
    (references ?? []).map((reference, at) => {
      const { url, title } = typeof reference === 'string' ? { url: reference, title: undefined } : reference
      return { url, title, from, place: place(at) }
    })
  return [
    ...list(variant.docs_urls, source.path, (at) => owned.place(['docs_urls', at])),
    ...list(group.config.shared_docs, group.path, (at) => ({
      path: group.path,
      ...group.yaml.valueAt(['shared_docs', at]),
    })),
    ...list(variant.shared_docs, group.path, (at) => owned.place(['shared_docs', at])),
  ]
}
