import type { AvailableSkill } from './resolve.ts'
import { unbundle } from './unbundle.ts'
import { type SkillFiles, unzip } from './unzip.ts'

/**
 * Files of a skill, out of the artifact that holds it.
 * @throws {CommandError} `install/<problem>`
 */
export async function unpack(skill: AvailableSkill, bytes: Uint8Array): Promise<SkillFiles> {
  if (skill.variant === null) return unzip(skill.id, bytes)
  return unbundle({ id: skill.id, url: skill.downloadUrl, variant: skill.variant }, bytes)
}
