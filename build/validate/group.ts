import { type GroupConfig, groupConfigSchema } from '../../schemas/group.ts'
import { dashed, skillId } from '../../schemas/ids.ts'
import type { GroupDocument, WrittenVariant } from '../documents.ts'
import { EXCUSED, errorAt, type Finding, quote, type Report, watched } from '../finding.ts'
import type { ParsedGroup } from '../parse.ts'
import { reportIssue, schemaIssues, withoutKeys } from '../schema-issues.ts'
import { servedScripts } from '../scripts/served.ts'
import type { FileSources } from '../sources.ts'
import type { Yaml, YamlPath } from '../yaml.ts'
import { validateReferences } from './references.ts'

/** Checks a group's config and references by themselves; undefined when the config cannot be read. */
export function validateGroup(
  group: ParsedGroup,
  sources: FileSources,
  report: Report,
): GroupDocument | undefined {
  const shared = watched(report)
  const { references, whole } = validateReferences(group, sources, shared.report)
  const scripts = servedScripts(group.dir, sources, shared.report)
  const { yaml } = group
  const readable = yaml && readConfig(yaml, report)
  if (yaml === undefined || readable === undefined) return undefined
  checkGroup({ ...group, yaml }, readable.config, shared.report)
  const { key, dir, path } = group
  return {
    ...{ key, dir, path, yaml, references, scripts: scripts ?? new Map() },
    config: readable.config,
    variants: withoutDuplicates(yaml, readable.variants, report),
    whole: whole && !shared.failed(),
  }
}

/** A variant that is not as the schema says is left out; anything else that is not makes the config unreadable. */
function readConfig(
  yaml: Yaml,
  report: Report,
): { readonly config: GroupConfig; readonly variants: readonly WrittenVariant[] } | undefined {
  const broken = new Set<PropertyKey | undefined>()
  const excused = schemaIssues(groupConfigSchema, yaml.data).filter((issue) => {
    if (reportIssue(yaml, issue, report) === EXCUSED) return true
    broken.add(issue.at[0] === 'variants' ? issue.at[1] : undefined)
    return false
  })
  const data = withoutKeys(yaml.data, excused)
  const written = (data as { readonly variants?: unknown } | null)?.variants
  const indexes = (Array.isArray(written) ? [...written.keys()] : []).filter((at) => !broken.has(at))
  const sound =
    broken.size === 0
      ? data
      : { ...(data as object), variants: indexes.map((at) => (written as unknown[])[at]) }
  const config = groupConfigSchema.safeParse(sound)
  if (!config.success) return undefined
  const variants = (config.data.variants ?? []).map((variant, at) => ({ at: indexes[at] ?? at, variant }))
  return { config: config.data, variants }
}

function checkGroup(group: ParsedGroup & { readonly yaml: Yaml }, config: GroupConfig, report: Report): void {
  const tell = (at: YamlPath, finding: Finding) =>
    report(
      errorAt(
        { path: group.path, ...(at.length === 0 ? group.yaml.valueAt(at) : group.yaml.keyAt(at)) },
        finding,
      ),
    )
  const id = dashed(group.key)
  const [issue] = skillId.safeParse(id).error?.issues ?? []
  if (issue !== undefined) {
    tell([], {
      code: 'validate/name',
      message: `Cannot serve the group ${quote(group.key)}: ${issue.message}`,
    })
  }
  if (config.variants !== undefined && config.variants_from !== undefined) {
    const message = 'Cannot use both "variants" and "variants_from": expected one of the two'
    tell(['variants_from'], { code: 'validate/variants', message })
  }
  if (config.variants === undefined && config.variants_from === undefined) {
    const message = `Cannot build the group ${quote(group.key)} without variants: expected "variants" or "variants_from"`
    tell([], { code: 'validate/variants', message })
  }
}

function withoutDuplicates(
  yaml: Yaml,
  variants: readonly WrittenVariant[],
  report: Report,
): readonly WrittenVariant[] {
  const seen = new Set<string>()
  return variants.filter(({ at, variant }) => {
    if (!seen.has(variant.id)) return seen.add(variant.id)
    const message = `Cannot have two variants ${quote(variant.id)}: expected each id once in a group`
    const place = { path: yaml.path, ...yaml.valueAt(['variants', at, 'id']) }
    report(errorAt(place, { code: 'validate/duplicate-variant', message }))
    return false
  })
}
