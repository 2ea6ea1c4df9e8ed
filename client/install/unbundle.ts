import { skillBundleSchema } from '../../schemas/skill.ts'
import { parseMenu } from '../bootstrap/verify.ts'
import { checkPaths, LIMITS, refusal } from './paths.ts'
import type { SkillFiles } from './unzip.ts'

/** A skill's place in a bundle. */
export interface BundledSkill {
  readonly id: string
  readonly url: string
  readonly variant: string
}

/**
 * Takes one variant out of a bundle, under the same rules as an archive.
 * @throws {CommandError} `run/menu-invalid`, `install/<problem>`
 */
export function unbundle(skill: BundledSkill, bytes: Uint8Array): SkillFiles {
  const bundle = parseMenu(skillBundleSchema, skill.url, bytes)
  const variant = Object.hasOwn(bundle.variants, skill.variant) ? bundle.variants[skill.variant] : undefined
  if (variant === undefined) {
    const known = Object.keys(bundle.variants).join(', ')
    throw refusal(
      skill.id,
      'no-variant',
      `its bundle has no variant "${skill.variant}", but ${known || 'none'}`,
    )
  }
  const files = new Map(Object.entries(variant).map(([path, text]) => [path, Buffer.from(text)]))
  checkPaths(skill.id, [...files.keys()])
  const unpacked = [...files.values()].reduce((sum, file) => sum + file.length, 0)
  if (unpacked > LIMITS.bytes) {
    throw refusal(skill.id, 'too-large', `${unpacked} bytes, expected at most ${LIMITS.bytes}`)
  }
  return files
}
