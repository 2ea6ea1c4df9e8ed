import { skillFrontmatterSchema } from '../../schemas/skill.ts'
import { quote } from '../finding.ts'
import type { Rule } from './rule.ts'

const group = (id: string) => ({
  'skills/setup/config.yaml': `description: Sets up {display_name}\ntemplate: t.md\nvariants:\n  - id: ${id}\n    display_name: It\n    framework: it\n`,
  'skills/setup/t.md': '# Set up {display_name}\n',
})

export const wizardOnlyId: Rule = {
  code: 'lint/wizard-only-id',
  severity: 'warning',
  summary:
    'The id of a skill is not one that the Agent Skills specification allows: at most 64 lower-case letters and digits, joined by single dashes. The wizard takes it; other clients will not.',
  ok: [{ files: group('react-native') }],
  notOk: [{ files: group('react_native'), at: ['skills/setup/config.yaml:4:5'] }],
  check: ({ tree }, tell) => {
    for (const { id, place } of tree.groupSkills) {
      const [issue] = skillFrontmatterSchema.shape.name.safeParse(id).error?.issues ?? []
      if (issue === undefined) continue
      tell(place, { message: `Cannot install ${quote(id)} with every client: ${issue.message}` })
    }
  },
}
