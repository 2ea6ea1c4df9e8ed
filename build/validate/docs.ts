import { docListSchema } from '../../schemas/docs.ts'
import type { WrittenDoc } from '../documents.ts'
import { EXCUSED, errorAt, quote, type Report } from '../finding.ts'
import { reportIssue, schemaIssues, withoutKeys } from '../schema-issues.ts'
import type { Yaml } from '../yaml.ts'
import type { YamlPath } from '../yaml-part.ts'

/** Reads `docs.yaml`: a list of documents, bare or under a key `docs`. One that is not as it should be is left out. */
export function validateDocs(written: Yaml | undefined, report: Report): WrittenDoc[] {
  if (written === undefined) return []
  const yaml = unwrap(written)
  const broken = new Set<PropertyKey | undefined>()
  const excused = schemaIssues(docListSchema, yaml.data).filter((issue) => {
    if (reportIssue(yaml, issue, report) === EXCUSED) return true
    broken.add(issue.at[0])
    return false
  })
  const data = withoutKeys(yaml.data, excused)
  const place = (path: YamlPath) => ({ path: yaml.path, ...yaml.valueAt(path) })
  const items = Array.isArray(data) ? [...data.entries()] : []
  const sound = docListSchema.parse(items.flatMap(([at, item]) => (broken.has(at) ? [] : [item])))
  const indexes = items.flatMap(([at]) => (broken.has(at) ? [] : [at]))
  const docs = sound.map((doc, nth) => {
    const at = indexes[nth] ?? nth
    return { doc, place: place([at, 'id']), urlPlace: (url: number) => urlPlace(yaml, [at, 'urls', url]) }
  })
  return withoutDuplicates(docs, report)
}

function urlPlace(yaml: Yaml, path: YamlPath) {
  const item = path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown>)[step], yaml.data)
  return { path: yaml.path, ...yaml.valueAt(typeof item === 'string' ? path : [...path, 'url']) }
}

function withoutDuplicates(docs: readonly WrittenDoc[], report: Report): WrittenDoc[] {
  const seen = new Set<string>()
  return docs.filter(({ doc, place }) => {
    if (!seen.has(doc.id)) return seen.add(doc.id)
    const message = `Cannot have two documents ${quote(doc.id)}: expected each id once`
    report(errorAt(place, { code: 'validate/duplicate-doc', message }))
    return false
  })
}

function unwrap(yaml: Yaml): Yaml {
  const { data } = yaml
  if (typeof data !== 'object' || data === null || !('docs' in data) || Object.keys(data).length > 1)
    return yaml
  return {
    ...yaml,
    data: data.docs,
    valueAt: (path) => yaml.valueAt(['docs', ...path]),
    keyAt: (path) => yaml.keyAt(['docs', ...path]),
  }
}
