import type { ExpandedTree, GroupSkill, Prompt } from './expanded.ts'
import { type Report, watched } from './finding.ts'
import { checkCommands } from './link/commands.ts'
import { checkFlow, type FlowDraft } from './link/flow.ts'
import { checkNames } from './link/names.ts'
import { checkSkills, type SkillNames } from './link/skills.ts'
import { checkWire } from './link/wire.ts'
import type { LinkedTree } from './linked.ts'

/** Checks every name that one document uses for another, and leaves out what does not hold together. */
export function link(tree: ExpandedTree, report: Report): LinkedTree {
  const blamed = new Set<string>()
  const blame: Report = (diagnostic) => {
    if (diagnostic.severity === 'error') blamed.add(placeKey(diagnostic))
    report(diagnostic)
  }
  checkNames(tree, blame)
  checkCommands(tree.groupSkills, blame)
  const skills = tree.skills.filter(({ path }) => !blamed.has(placeKey({ path, line: 1, column: 1 })))
  const groupSkills = tree.groupSkills.filter(({ place, cliPlace }) => {
    return !blamed.has(placeKey(place)) && !blamed.has(placeKey(cliPlace))
  })
  const docs = tree.docs.filter(({ place }) => !blamed.has(placeKey(place)))
  const flows = draftFlows(tree).filter((flow) => {
    const own = watched(report)
    checkFlow(flow, own.report)
    for (const prompt of flow.prompts) checkWire(prompt, own.report)
    checkSkills(flow.prompts, skillNames(tree), own.report)
    const collides = flow.prompts.some(({ path }) => blamed.has(placeKey({ path, line: 1, column: 1 })))
    if (own.failed() || collides || flow.unread.length > 0) return false
    return resolves(flow.prompts, { ...tree, skills, groupSkills })
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
function resolves(prompts: readonly Prompt[], tree: Pick<ExpandedTree, 'skills' | 'groupSkills'>): boolean {
  const own = watched(() => undefined)
  checkSkills(prompts, { ...skillNames(tree), unread: new Set() }, own.report)
  return !own.failed()
}

function skillNames(
  tree: Pick<ExpandedTree, 'skills' | 'groupSkills'> & Partial<Pick<ExpandedTree, 'unread'>>,
): SkillNames {
  return {
    faces: [
      ...tree.skills.map(({ name }) => ({ id: name, group: name, framework: undefined })),
      ...tree.groupSkills.map(({ id, group, framework }: GroupSkill) => ({ id, group, framework })),
    ],
    unread: tree.unread?.skills ?? new Set(),
  }
}

function draftFlows({ prompts, unread }: ExpandedTree): FlowDraft[] {
  const names = new Set([...prompts, ...unread.agents].map(({ flow }) => flow))
  return [...names].sort().map((name) => ({
    name,
    prompts: prompts.filter(({ flow }) => flow === name),
    unread: unread.agents.filter(({ flow }) => flow === name).map(({ type }) => type),
  }))
}

function placeKey({ path, line, column }: { path: string; line: number; column: number }): string {
  return `${path}:${line}:${column}`
}
