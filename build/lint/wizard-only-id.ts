import { portableSkillName } from '../../schemas/skill.ts'
import { quote } from '../finding.ts'
import type { Rule } from './rule.ts'

const group = (id: string) => ({
  'skills/setup/config.yaml': `description: Sets up {display_name}\ntemplate: t.md\nvariants:\n  - id: ${id}\n    display_name: It\n    framework: it\n`,
  'skills/setup/t.md': '# Set up {display_name}\n',
})

const plain = (name: string) => ({
  [`skills/${name}/SKILL.md`]: `---\nname: ${name}\ndescription: Drops it in\n---\n# Drop it in\n`,
  'agents/demo/task.md': `---\ntype: task\nflow: demo\nmodel: m1\nskills: [${name}]\n---\nDo it.\n`,
})

export const wizardOnlyId: Rule = {
  code: 'lint/wizard-only-id',
  severity: 'warning',
  summary:
    'The id of a skill is not one that the Agent Skills specification allows: at most 64 lower-case letters and digits, joined by single dashes. The wizard takes it; other clients will not.',
  ok: [{ files: group('react-native') }, { files: plain('drop-in') }],
  notOk: [
    { files: group('react_native'), at: ['skills/setup/config.yaml:4:5'] },
    { files: plain('drop_in'), at: ['skills/drop_in/SKILL.md:2:7'] },
  ],
  check: ({ tree }, tell) => {
    const plain = tree.skills.map(({ name, namePlace }) => ({ id: name, place: namePlace }))
    for (const { id, place } of [...plain, ...tree.groupSkills]) {
      const [issue] = portableSkillName.safeParse(id).error?.issues ?? []
      if (issue === undefined) continue
      tell(place, { message: `Cannot install ${quote(id)} with every client: ${issue.message}` })
    }
  },
}
