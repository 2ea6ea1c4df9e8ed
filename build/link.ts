import type { Diagnostic } from '../schemas/diagnostic.ts'
import { dashed } from '../schemas/ids.ts'
import { checkPromptCeiling, checkSkillCeiling } from './ceiling.ts'
import type { ExpandedTree, GroupSkill, Prompt } from './expanded.ts'
import { EXCUSED, type Report, watched } from './finding.ts'
import { checkCommands } from './link/commands.ts'
import { checkFlow, type FlowDraft } from './link/flow.ts'
import { checkNames } from './link/names.ts'
import { checkSkills, type SkillFace, type SkillNames } from './link/skills.ts'
import { checkWire } from './link/wire.ts'
import type { LinkedTree } from './linked.ts'
import type { ToolCeiling } from './release.ts'

/** Checks every name that one document uses for another, and leaves out what does not hold together. */
export function link(tree: ExpandedTree, ceiling: ToolCeiling | undefined, report: Report): LinkedTree {
  const blamed = new Set<string>()
  const blame: Report = (diagnostic) => {
    const answer = report(diagnostic)
    if (diagnostic.severity === 'error' && answer !== EXCUSED) blamed.add(placeKey(diagnostic))
    return answer
  }
  checkNames(tree, blame)
  checkCommands(tree.groupSkills, blame)
  const skills = tree.skills.filter((skill) => {
    if (!skill.whole) return false
    const own = watched(report)
    if (ceiling !== undefined) checkSkillCeiling(skill, ceiling, own.report)
    return !own.failed() && !blamed.has(placeKey({ path: skill.path, line: 1, column: 1 }))
  })
  const groupSkills = tree.groupSkills.filter(({ place, cliPlace }) => {
    return !blamed.has(placeKey(place)) && !blamed.has(placeKey(cliPlace))
  })
  const docs = tree.docs.filter(({ place }) => !blamed.has(placeKey(place)))
  const known = skillNames(tree)
  const left = { ...skillNames({ skills, groupSkills }), unread: new Set<string>() }
  const flows = draftFlows(tree).filter((flow) => {
    const excused = new Set<string>()
    const own = watched((diagnostic) => {
      const answer = report(diagnostic)
      if (answer === EXCUSED) excused.add(findingKey(diagnostic))
      return answer
    })
    checkFlow(flow, own.report)
    for (const prompt of flow.prompts) {
      checkWire(prompt, own.report)
      if (ceiling !== undefined) checkPromptCeiling(prompt, ceiling, own.report)
    }
    checkSkills(flow.prompts, known, own.report)
    const collides = flow.prompts.some(({ path }) => blamed.has(placeKey({ path, line: 1, column: 1 })))
    const isWhole = flow.unread.length === 0 && flow.prompts.every(({ whole }) => whole)
    if (own.failed() || collides || !isWhole) return false
    return resolves(flow.prompts, left, excused)
  })
  return {
    flows: flows.map(({ name, prompts }) => ({ name, prompts })),
    skills,
    groupSkills,
    docs,
    commandments: tree.commandments,
    uris: tree.uris,
    offers: tree.offers,
    shared: tree.shared,
  }
}

/** True when every skill name still means something, now that what is broken has been left out. */
function resolves(prompts: readonly Prompt[], names: SkillNames, excused: ReadonlySet<string>): boolean {
  const own = watched((diagnostic) => (excused.has(findingKey(diagnostic)) ? EXCUSED : undefined))
  checkSkills(prompts, names, own.report)
  return !own.failed()
}

function skillNames(
  tree: Pick<ExpandedTree, 'skills' | 'groupSkills'> & Partial<Pick<ExpandedTree, 'unread'>>,
): SkillNames {
  const faces: readonly SkillFace[] = [
    ...tree.skills.map(({ name }) => ({ id: name, group: name, framework: undefined })),
    ...tree.groupSkills.map(({ id, group, framework }: GroupSkill) => ({ id, group, framework })),
  ]
  return {
    byId: Map.groupBy(faces, ({ id }) => id),
    byGroup: Map.groupBy(faces, ({ group }) => dashed(group)),
    unread: tree.unread?.skills ?? new Set(),
  }
}

function draftFlows({ prompts, unread }: ExpandedTree): FlowDraft[] {
  const byFlow = Map.groupBy(prompts, ({ flow }) => flow)
  const unreadByFlow = Map.groupBy(unread.agents, ({ flow }) => flow)
  const names = new Set([...byFlow.keys(), ...unreadByFlow.keys()])
  return [...names].sort().map((name) => ({
    name,
    prompts: byFlow.get(name) ?? [],
    unread: (unreadByFlow.get(name) ?? []).map(({ type }) => type),
  }))
}

function findingKey(diagnostic: Diagnostic): string {
  return `${diagnostic.code} ${placeKey(diagnostic)}`
}

function placeKey({ path, line, column }: { path: string; line: number; column: number }): string {
  return `${path}:${line}:${column}`
}
