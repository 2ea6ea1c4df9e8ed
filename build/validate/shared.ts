import { commandmentsSchema, type UriSchema, uriSchemaSchema } from '../../schemas/group.ts'
import { errorAt, quote, type Report } from '../finding.ts'
import { checkSchema } from '../schema-issues.ts'
import type { Yaml } from '../yaml.ts'

/** Resource uris when a tree has no `uri-schema.yaml`. */
const DEFAULT_URIS: UriSchema = {
  scheme: 'skill',
  patterns: { skill: 'skill://{id}/SKILL.md', doc: 'skill://docs/{id}.md' },
}

/** Reads `commandments.yaml`: tag → rules, bare or under a key `commandments`. */
export function validateCommandments(
  yaml: Yaml | undefined,
  report: Report,
): ReadonlyMap<string, readonly string[]> {
  if (yaml === undefined) return new Map()
  const wrapped = checkSchema(commandmentsSchema, unwrap(yaml), report)
  return new Map(Object.entries(wrapped ?? {}))
}

/** Reads `uri-schema.yaml`, or what stands in for it. */
export function validateUris(yaml: Yaml | undefined, report: Report): UriSchema {
  const uris = yaml && checkSchema(uriSchemaSchema, yaml, report)
  if (yaml === undefined || uris === undefined) return DEFAULT_URIS
  for (const key of ['skill', 'doc'] as const) {
    const pattern = uris.patterns[key]
    if (pattern.includes('{id}')) continue
    const message = `Cannot tell resources apart by ${quote(pattern)}: expected a pattern with {id}`
    const place = { path: yaml.path, ...yaml.valueAt(['patterns', key]) }
    report(errorAt(place, { code: 'validate/uri-pattern', message }))
  }
  return uris
}

function unwrap(yaml: Yaml): Yaml {
  const inner = (yaml.data as { readonly commandments?: unknown } | null)?.commandments
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return yaml
  return {
    ...yaml,
    data: inner,
    valueAt: (path) => yaml.valueAt(['commandments', ...path]),
    keyAt: (path) => yaml.keyAt(['commandments', ...path]),
  }
}
