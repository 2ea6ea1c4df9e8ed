import { groupConfigSchema } from '../../schemas/group.ts'
import { dashed, skillId } from '../../schemas/ids.ts'
import type { GroupDocument, WrittenVariant } from '../documents.ts'
import { errorAt, type Finding, quote, type Report, watched } from '../finding.ts'
import type { ParsedGroup } from '../parse.ts'
import { servedScripts } from '../scripts/served.ts'
import { keysInDoubt, soundPart } from '../sound-part.ts'
import type { FileSources } from '../sources.ts'
import type { Yaml } from '../yaml.ts'
import type { YamlPath } from '../yaml-part.ts'
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
  if (readable === undefined) return undefined
  checkGroup(group, readable, shared.report)
  const { key, dir, path } = group
  return {
    ...{ key, dir, path, references, scripts: scripts ?? new Map() },
    ...readable,
    variants: withoutDuplicates(readable.yaml, readable.variants, report),
    whole: readable.whole && whole && !shared.failed(),
  }
}

type Config = Pick<GroupDocument, 'yaml' | 'config' | 'variants' | 'doubts' | 'whole'>

/** A variant without a sound id is left out; of all else that is not as the schema says, what is sound is kept. */
function readConfig(written: Yaml, report: Report): Config | undefined {
  const sound = soundPart(groupConfigSchema, written, report)
  if (sound === undefined) return undefined
  const { value: config, yaml, doubts, asWritten } = sound
  const variants = (config.variants ?? []).map((variant, at) => {
    const keys = keysInDoubt(doubts, asWritten(['variants', at]))
    return { at, variant, doubts: keys, whole: keys.size === 0 }
  })
  const whole = doubts.every(([key, at]) => key === 'variants' && at !== undefined)
  return { yaml, config, variants, doubts: keysInDoubt(doubts), whole }
}

function checkGroup(group: ParsedGroup, { yaml, config, doubts }: Config, report: Report): void {
  const tell = (at: YamlPath, finding: Finding) =>
    report(errorAt({ path: group.path, ...(at.length === 0 ? yaml.valueAt(at) : yaml.keyAt(at)) }, finding))
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
  const inDoubt = doubts.has('variants') || doubts.has('variants_from')
  if (config.variants === undefined && config.variants_from === undefined && !inDoubt) {
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
