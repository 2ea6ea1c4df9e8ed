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
export function servedSkills({ index, artifacts }: Pick<Release, 'index' | 'artifacts'>): ServedSkill[] {
  const bytesOf = (file: string) => artifacts.get(file)?.bytes ?? new Uint8Array()
  return [
    ...index.skills.map(({ id, category, file }) => {
      return { id, group: dashed(category), files: unpack(file, bytesOf(file)) }
    }),
    ...index.bundles.flatMap(({ category, file }) => bundled(dashed(category), bytesOf(file))),
  ]
}

/** The skills that a name in a prompt can mean, by the rule of clients: the one of that id, else those of that group. */
export function meantBy(name: string, skills: readonly ServedSkill[]): readonly ServedSkill[] {
  const exact = skills.filter(({ id }) => id === name)
  return exact.length > 0 ? exact : skills.filter(({ group }) => group === name)
}

/** One skill of a release with its files; nothing else is unpacked. */
export function servedSkill({ index, artifacts }: Release, id: string): ServedSkill | undefined {
  const alone = index.skills.filter((skill) => skill.id === id)
  const bundles = index.bundles.filter(({ category }) => id.startsWith(`${dashed(category)}-`))
  const only = { ...index, skills: alone, bundles }
  return servedSkills({ index: only, artifacts }).find((skill) => skill.id === id)
}

function bundled(group: string, bytes: Uint8Array): ServedSkill[] {
  const { variants } = skillBundleSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return Object.entries(variants).map(([variant, files]) => ({
    id: `${group}-${variant}`,
    group,
    files: new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
  }))
}
