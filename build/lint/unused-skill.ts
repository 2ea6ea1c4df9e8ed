import { dashed } from '../../schemas/ids.ts'
import type { ExpandedTree } from '../expanded.ts'
import type { Rule } from './rule.ts'
import type { Unit } from './subject.ts'

const SKILL = '---\nname: plain\ndescription: A plain skill\n---\n# Plain\n'
const task = (skills: string) => `---\ntype: task\nflow: demo\nmodel: m1\nskills: [${skills}]\n---\nDo it.\n`

export const unusedSkill: Rule = {
  code: 'lint/unused-skill',
  severity: 'warning',
  summary:
    'No prompt names the skill, no command leads to it, no framework chooses it, no plugin offers it. Either something should, or it can go. Only trees that have flows are asked.',
  ok: [
    {
      files: {
        'agents/demo/user.md': undefined,
        'agents/demo/task.md': task('plain'),
        'skills/plain/SKILL.md': SKILL,
      },
    },
  ],
  notOk: [
    {
      files: { 'agents/demo/user.md': undefined, 'skills/plain/SKILL.md': SKILL },
      at: ['skills/plain/SKILL.md:1:1'],
    },
  ],
  check: ({ tree, units }, tell) => {
    const named = new Set(tree.prompts.flatMap(({ frontmatter }) => frontmatter.skills ?? []))
    // What could not be read may well name it, and a name that means nothing may be meant for it.
    const isInDoubt = tree.unread.agents.length > 0 || tree.prompts.some(({ doubts }) => doubts.has('skills'))
    if (tree.prompts.length === 0 || isInDoubt || hasUnknown(named, tree)) return
    const reached = new Set([
      ...tree.offers.flatMap(({ groups }) => [...groups]),
      ...reachedGroups(tree, named),
    ])
    for (const [group, [first]] of Map.groupBy(units, groupOf)) {
      if (group === undefined || first === undefined || reached.has(group)) continue
      const message = `Cannot tell who uses "${group}": expected a prompt, a command, a framework or a plugin that leads to it`
      tell(first.place, { message })
    }
  },
}

/** Key of a group, or name of a plain skill. */
function groupOf({ of }: Unit): string | undefined {
  if (of.kind === 'skill') return of.owner.name
  return of.kind === 'group-skill' ? of.owner.group : undefined
}

/** One variant that is used stands for its group. */
function reachedGroups({ groupSkills }: ExpandedTree, named: ReadonlySet<string>): string[] {
  const used = groupSkills.filter(
    ({ id, group, cli, framework, template }) =>
      named.has(id) ||
      named.has(dashed(group)) ||
      cli !== undefined ||
      framework !== undefined ||
      // A group of documents is for whoever reads the menu.
      template === undefined,
  )
  return [...named, ...used.map(({ group }) => group)]
}

function hasUnknown(named: ReadonlySet<string>, { skills, groupSkills }: ExpandedTree): boolean {
  const known = new Set([
    ...skills.map(({ name }) => name),
    ...groupSkills.flatMap(({ id, group }) => [id, dashed(group)]),
  ])
  return [...named].some((name) => !known.has(name))
}
