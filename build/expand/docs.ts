import type { WrittenDoc } from '../documents.ts'
import type { ServedDoc } from '../expanded.ts'
import type { Report } from '../finding.ts'
import type { Sources } from '../sources.ts'
import { readDocument } from './read-document.ts'

/** A document of `docs.yaml` with its text; undefined when a part of it is not there. */
export function expandDoc(
  { doc, place, urlPlace }: WrittenDoc,
  sources: Sources,
  report: Report,
): ServedDoc | undefined {
  const parts = doc.urls.map((written, at) => {
    const url = typeof written === 'string' ? written : written.url
    return readDocument({ url, from: place.path, place: urlPlace(at) }, sources, report)
  })
  const texts = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.text]))
  if (texts.length < parts.length) return undefined
  return {
    id: doc.id,
    displayName: doc.display_name,
    description: doc.description,
    tags: doc.tags ?? [],
    isAsset: doc.release_asset === true,
    text: joined(texts),
    place,
  }
}

/** One text stays as it is; several are parted by a line. */
function joined(texts: readonly string[]): string {
  const [only = ''] = texts
  return texts.length === 1 ? only : `${texts.map((text) => text.trim()).join('\n\n---\n\n')}\n`
}
