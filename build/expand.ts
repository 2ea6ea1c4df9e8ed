import { dashed } from '../schemas/ids.ts'
import type { DocumentTree } from './documents.ts'
import { expandDocs } from './expand/docs.ts'
import { groupSkill, type Sources } from './expand/group-skill.ts'
import { openPartials } from './expand/partials.ts'
import { type OwnedVariant, variantsOf } from './expand/variants.ts'
import type { ExpandedTree, GroupSkill, Prompt } from './expanded.ts'
import { errorAt, quote, type Report, watched } from './finding.ts'
import type { ParsedTree } from './parse.ts'

/** Resolves every include, inheritance and default. What cannot be resolved is left out and told. */
export function expand(
  documents: DocumentTree,
  { library, partials: files, surroundings }: Pick<ParsedTree, 'library' | 'partials' | 'surroundings'>,
  report: Report,
): ExpandedTree {
  const partials = openPartials(files, report)
  const prompts = documents.agents.map((agent) => {
    const body = partials.expand(agent.markdown, report)
    return body === undefined ? undefined : { ...agent, body }
  })
  const groups = expandGroups(
    documents,
    {
      ...{ library, partials, skip: documents.skip },
      ...{ examples: surroundings.examples, documents: surroundings.documents },
    },
    report,
  )
  return {
    prompts: prompts.filter((prompt): prompt is Prompt => prompt !== undefined),
    skills: documents.skills,
    groupSkills: groups.skills,
    docs: expandDocs(documents.docs, { library, documents: surroundings.documents }, report),
    unread: {
      agents: [...documents.unread.agents, ...documents.agents.filter((_, at) => prompts[at] === undefined)],
      skills: new Set([...documents.unread.skills, ...groups.broken]),
    },
    commandments: documents.commandments,
    uris: documents.uris,
    offers: documents.offers,
    shared: partials.text,
  }
}

function expandGroups(
  documents: DocumentTree,
  sources: Sources,
  report: Report,
): { readonly skills: readonly GroupSkill[]; readonly broken: ReadonlySet<string> } {
  const byKey = new Map(documents.groups.map((group) => [group.key, group]))
  const skills: GroupSkill[] = []
  const broken = new Set<string>()
  for (const group of documents.groups) {
    const own = watched(report)
    const variants = variantsOf(group, byKey, { unread: documents.unread.skills, report: own.report })
    checkDefaults(variants, own.report)
    const sound = variants.flatMap((variant) => soundSkill(variant, sources, report) ?? [])
    if (own.failed() || sound.length < variants.length || variants.length === 0) broken.add(dashed(group.key))
    if (group.whole && !own.failed()) skills.push(...sound)
  }
  return { skills, broken }
}

function soundSkill(variant: OwnedVariant, sources: Sources, report: Report): GroupSkill | undefined {
  const own = watched(report)
  const skill = groupSkill(variant, sources, own.report)
  checkBundle(variant, own.report)
  return own.failed() ? undefined : skill
}

/** A client cuts the variant's id out of the skill's, which `all` is not part of. */
function checkBundle({ group, variant, place }: OwnedVariant, report: Report): void {
  if (group.config.packaging !== 'bundle' || variant.id !== 'all') return
  const message = `Cannot bundle the variant "all" of ${quote(group.key)}: expected another id, or no packaging`
  report(errorAt(place(['id']), { code: 'expand/bundle', message }))
}

function checkDefaults(variants: readonly OwnedVariant[], report: Report): void {
  const defaults = new Map<string | undefined, string>()
  for (const { variant, place } of variants) {
    if (variant.default !== true) continue
    const other = defaults.get(variant.framework)
    if (other !== undefined) {
      const message = `Cannot make ${quote(variant.id)} the default beside ${quote(other)}: expected one default for a framework`
      report(errorAt(place(['default']), { code: 'expand/default', message }))
    }
    defaults.set(variant.framework, variant.id)
  }
}
