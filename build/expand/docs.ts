import type { WrittenDoc } from '../documents.ts'
import type { ServedDoc } from '../expanded.ts'
import type { Report } from '../finding.ts'
import { type DocumentSources, readDocument } from './read-document.ts'

/** The documents of `docs.yaml` with their texts; one of which a part is not there is left out. */
export function expandDocs(
  docs: readonly WrittenDoc[],
  sources: DocumentSources,
  report: Report,
): readonly ServedDoc[] {
  return docs.flatMap(({ doc, place, urlPlace }) => {
    const parts = doc.urls.map((written, at) => {
      const url = typeof written === 'string' ? written : written.url
      return readDocument({ url, from: place.path, place: urlPlace(at) }, sources, report)
    })
    const texts = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.text]))
    if (texts.length < parts.length) return []
    return [
      {
        id: doc.id,
        displayName: doc.display_name,
        description: doc.description,
        tags: doc.tags ?? [],
        isAsset: doc.release_asset === true,
        text: joined(texts),
        place,
      },
    ]
  })
}

/** One text stays as it is; several are parted by a line. */
function joined(texts: readonly string[]): string {
  const [only = ''] = texts
  return texts.length === 1 ? only : `${texts.map((text) => text.trim()).join('\n\n---\n\n')}\n`
}
