import { z } from 'zod'
import { skillId } from '../../schemas/ids.ts'
import type { HostTool } from '../harness/harness.ts'
import type { ShelvedSkill, SkillShelf } from '../install/shelf.ts'
import { hostTool } from './host-tool.ts'

/** Skills that are told in one answer. */
const MOST = 100

/** Tells which skills the run's release has; without a group, those that fit the app's framework. */
export function loadSkillMenu({ skills }: Pick<SkillShelf, 'skills'>, framework: string | null): HostTool {
  return hostTool({
    name: 'load_skill_menu',
    description:
      'Tell which skills there are for this app, and which of them install_skill can unpack. With a group: all of that group.',
    input: z.strictObject({ group: skillId.optional().describe('Such as "integration-init"') }),
    run: ({ group }) => {
      const fits = (skill: ShelvedSkill) =>
        group === undefined
          ? skill.framework === null || skill.framework === framework
          : skill.group === group
      const found = skills.filter(fits).sort((a, b) => Number(b.isAtHand) - Number(a.isAtHand))
      if (found.length === 0) return 'No skill fits'
      const more = found.length > MOST ? [`(${found.length - MOST} more; name a group)`] : []
      return [...found.slice(0, MOST).map(told), ...more].join('\n')
    },
  })
}

function told({ id, name, isAtHand }: ShelvedSkill): string {
  return `- ${id}: ${name}${isAtHand ? '' : ' (cannot be installed in this run)'}`
}
