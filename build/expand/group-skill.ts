import { posix } from 'node:path'
import { dashed, skillId } from '../../schemas/ids.ts'
import type { GroupSkill, SkillOrigins } from '../expanded.ts'
import { errorAt, type Finding, quote, type Report } from '../finding.ts'
import type { GroupTexts, Sources } from '../sources.ts'
import { carryDocuments } from './carried-documents.ts'
import { cliOf, cliPlace } from './cli-block.ts'
import { carryExamples } from './examples.ts'
import { templateOf } from './template.ts'
import { isInDoubt, type OwnedVariant } from './variants.ts'

const MAX_DESCRIPTION = 1024

/** One variant with everything it inherits; undefined when a part is missing, after telling which. */
export function groupSkill(
  owned: OwnedVariant,
  sources: Sources & GroupTexts,
  report: Report,
): GroupSkill | undefined {
  const { group, variant } = owned
  const identity = identityOf(owned, report)
  const template = templateOf(owned, sources, report)
  const references = sources.references()
  const examples = carryExamples(owned, sources, report)
  const taken = [...group.references, ...(examples ?? [])].map(({ name }) => name)
  const documents = carryDocuments(owned, { sources, taken }, report)
  const cli = cliOf(owned, report)
  if (identity === undefined || template === undefined || documents === undefined) return undefined
  if (references === 'broken' || examples === undefined) return undefined
  return {
    ...identity,
    group: group.key,
    variant: variant.id,
    tags: [...new Set([...(group.config.tags ?? []), ...(variant.tags ?? [])])],
    framework: variant.framework,
    isDefault: variant.default === true,
    bundled: group.config.packaging === 'bundle',
    cli,
    template: template ?? undefined,
    references,
    preamble: group.config.references?.preamble,
    documents,
    examples,
    scripts: group.scripts,
    origins: originsOf(owned),
    place: owned.place([]),
    cliPlace: cliPlace(owned),
  }
}

function originsOf({ group, variant, place }: OwnedVariant): SkillOrigins {
  const inGroup = (...path: string[]) => ({ path: group.path, ...group.yaml.valueAt(path) })
  const template = variant.template ?? group.config.template
  return {
    template: template === undefined ? undefined : posix.join(group.dir, template),
    display_name: place(['display_name']),
    description: variant.description === undefined ? inGroup('description') : place(['description']),
    preamble: inGroup('references', 'preamble'),
  }
}

function identityOf(
  owned: OwnedVariant,
  report: Report,
): Pick<GroupSkill, 'id' | 'displayName' | 'description'> | undefined {
  const { group, variant } = owned
  const tell = (finding: Finding) => report(errorAt(owned.place(['id']), finding))
  const id = variant.id === 'all' ? dashed(group.key) : `${dashed(group.key)}-${variant.id}`
  const [issue] = skillId.safeParse(id).error?.issues ?? []
  if (issue !== undefined)
    tell({ code: 'expand/id', message: `Cannot serve the skill ${quote(id)}: ${issue.message}` })
  const displayName = variant.display_name
  if (displayName === undefined && !isInDoubt(owned, 'display_name')) {
    tell({
      code: 'expand/display-name',
      message: `Cannot name the variant ${quote(variant.id)}: expected "display_name"`,
    })
  }
  const description =
    variant.description ?? group.config.description?.replaceAll('{display_name}', () => displayName ?? '')
  if (description === undefined && !isInDoubt(owned, 'description')) {
    const message = `Cannot describe the variant ${quote(variant.id)}: expected "description" in it or in its group`
    tell({ code: 'expand/description', message })
  } else if (description !== undefined && description.length > MAX_DESCRIPTION) {
    const message = `Cannot serve a description of ${description.length} characters: expected at most ${MAX_DESCRIPTION}`
    tell({ code: 'expand/description', message })
  }
  if (displayName === undefined || description === undefined) return undefined
  return { id, displayName, description }
}
