import { z } from 'zod'
import { skillId } from '../../schemas/ids.ts'
import type { HostTool } from '../harness/harness.ts'
import type { SkillShelf } from '../install/shelf.ts'
import { hostTool } from './host-tool.ts'

/** Unpacks a skill of the run's release into the run folder, without the network. */
export function installSkill({ install }: Pick<SkillShelf, 'install'>): HostTool {
  return hostTool({
    name: 'install_skill',
    description:
      'Unpack a skill of load_skill_menu into the run folder, to be read there. Nothing is fetched.',
    input: z.strictObject({ id: skillId.describe('As load_skill_menu tells it') }),
    run: async ({ id }) => {
      const skill = await install(id)
      return [
        `Installed ${skill.id}; read these files`,
        ...skill.files.map((file) => `- ${skill.folder}/${file}`),
      ].join('\n')
    },
  })
}
