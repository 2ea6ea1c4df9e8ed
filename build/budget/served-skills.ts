import { dashed } from '../../schemas/ids.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'
import type { Release } from '../release.ts'
import { type Files, unpack } from '../unpack.ts'

/** A skill as a client installs it, out of an archive or a bundle. */
export interface ServedSkill {
  readonly id: string
  /** Name of its group, as prompts write it. */
  readonly group: string
  readonly files: Files
}

/** Every skill of a release with its files. */
export function servedSkills({ index, artifacts }: Release): ServedSkill[] {
  const bytesOf = (file: string) => artifacts.get(file)?.bytes ?? new Uint8Array()
  return [
    ...index.skills.map(({ id, category, file }) => {
      return { id, group: dashed(category), files: unpack(file, bytesOf(file)) }
    }),
    ...index.bundles.flatMap(({ category, file }) => bundled(dashed(category), bytesOf(file))),
  ]
}

function bundled(group: string, bytes: Uint8Array): ServedSkill[] {
  const { variants } = skillBundleSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return Object.entries(variants).map(([variant, files]) => ({
    id: `${group}-${variant}`,
    group,
    files: new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
  }))
}
