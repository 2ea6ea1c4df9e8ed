import { dashed } from '../schemas/ids.ts'
import type { AgentDocument, DocumentTree } from './documents.ts'
import { expandDoc } from './expand/docs.ts'
import { groupSkill } from './expand/group-skill.ts'
import { openGroupTexts } from './expand/group-texts.ts'
import { expandIncludes, openPartials } from './expand/partials.ts'
import { type OwnedVariant, variantSource, variantsOf } from './expand/variants.ts'
import type { ExpandedTree, GroupSkill, Prompt } from './expanded.ts'
import { errorAt, quote, type Report, watched } from './finding.ts'
import type { Stage } from './memo.ts'
import type { ParsedTree } from './parse.ts'
import { fileSources, type GroupTexts, type Sources, surroundingSources } from './sources.ts'

/** Resolves every include, inheritance and default. What cannot be resolved is left out and told. */
export function expand(
  documents: DocumentTree,
  { library, partials: files, surroundings }: Pick<ParsedTree, 'library' | 'partials' | 'surroundings'>,
  stage: Stage,
): ExpandedTree {
  const { report, memo } = stage
  const partials = openPartials(files, report)
  const world: Sources = {
    ...fileSources(library, surroundings),
    ...surroundingSources(surroundings, { skip: documents.skip, memo }),
    ...partials,
  }
  const prompts = documents.agents.map((agent) => memo.asked(expandPrompt, agent, { world, report }))
  const groups = expandGroups(documents, world, stage)
  return {
    prompts: prompts.filter((prompt): prompt is Prompt => prompt !== undefined),
    skills: documents.skills,
    groupSkills: groups.skills,
    docs: documents.docs.flatMap((doc) => memo.asked(expandDoc, doc, { world, report }) ?? []),
    unread: {
      agents: [...documents.unread.agents, ...documents.agents.filter((_, at) => prompts[at] === undefined)],
      skills: new Set([...documents.unread.skills, ...groups.broken]),
    },
    commandments: documents.commandments,
    uris: documents.uris,
    offers: documents.offers,
    shared: partials.partial,
  }
}

function expandPrompt(agent: AgentDocument, sources: Sources, report: Report): Prompt | undefined {
  const body = expandIncludes(agent.markdown, sources, report)
  return body === undefined ? undefined : { ...agent, body }
}

function expandGroups(
  documents: DocumentTree,
  world: Sources,
  { report, memo }: Stage,
): { readonly skills: readonly GroupSkill[]; readonly broken: ReadonlySet<string> } {
  const byKey = new Map(documents.groups.map((group) => [group.key, group]))
  const skills: GroupSkill[] = []
  const broken = new Set<string>()
  for (const group of documents.groups) {
    const own = watched(report)
    const source = variantSource(group, byKey, { unread: documents.unread.skills, report: own.report })
    const variants = source === undefined ? [] : memo.of(variantsOf, group, source)
    checkDefaults(variants, own.report)
    const ofGroup = { ...world, ...openGroupTexts(group, world, { report, memo }) }
    const sound = variants.flatMap(
      (variant) => memo.asked(soundSkill, variant, { world: ofGroup, report }) ?? [],
    )
    if (own.failed() || sound.length < variants.length || variants.length === 0) broken.add(dashed(group.key))
    if (group.whole && !own.failed()) skills.push(...sound)
  }
  return { skills, broken }
}

function soundSkill(
  variant: OwnedVariant,
  sources: Sources & GroupTexts,
  report: Report,
): GroupSkill | undefined {
  const own = watched(report)
  const skill = groupSkill(variant, sources, own.report)
  checkBundle(variant, own.report)
  return own.failed() || !variant.whole ? undefined : skill
}

/** A client cuts the variant's id out of the skill's, which `all` is not part of. */
function checkBundle({ group, variant, place }: OwnedVariant, report: Report): void {
  if (group.config.packaging !== 'bundle' || variant.id !== 'all') return
  const message = `Cannot bundle the variant "all" of ${quote(group.key)}: expected another id, or no packaging`
  report(errorAt(place(['id']), { code: 'expand/bundle', message }))
}

function checkDefaults(variants: readonly OwnedVariant[], report: Report): void {
  const defaults = new Map<string | undefined, string>()
  for (const { variant, place, doubts } of variants) {
    if (variant.default !== true || doubts.has('framework')) continue
    const other = defaults.get(variant.framework)
    if (other !== undefined) {
      const message = `Cannot make ${quote(variant.id)} the default beside ${quote(other)}: expected one default for a framework`
      report(errorAt(place(['default']), { code: 'expand/default', message }))
    }
    defaults.set(variant.framework, variant.id)
  }
}
