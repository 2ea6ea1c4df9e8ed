import type { SkillEntry, SkillMenu } from '../../schemas/skill-menu.ts'

/** A skill as a client can ask for it: variants of a bundle stand for themselves. */
export interface AvailableSkill extends SkillEntry {
  /** Its key in the bundle behind `downloadUrl`; null when that is an archive. */
  readonly variant: string | null
}

/** Every skill of a menu, in the menu's order. */
export function availableSkills(menu: SkillMenu): readonly AvailableSkill[] {
  return Object.values(menu.categories)
    .flat()
    .flatMap((entry): AvailableSkill[] => {
      if (!('bundle' in entry)) return [{ ...entry, variant: null }]
      const { id, name, group, downloadUrl, digest, size } = entry
      const artifact = { name, group, downloadUrl, digest, size }
      return entry.variants.map((variant) => ({
        ...variant,
        ...artifact,
        id: `${id}-${variant.id}`,
        variant: variant.id,
      }))
    })
}

/** Exact id; else the group's variant for the framework, preferring the default, else the first. */
export function resolveSkill(
  skills: readonly AvailableSkill[],
  id: string,
  framework: string | null,
): AvailableSkill | null {
  const exact = skills.find((skill) => skill.id === id)
  if (exact !== undefined) return exact
  const fitting = skills.filter((skill) => skill.group === id && (skill.framework ?? null) === framework)
  return fitting.find((skill) => skill.default) ?? fitting[0] ?? null
}

/** Frameworks for which a bare skill id means something, sorted. */
export function frameworksOf(skills: readonly AvailableSkill[], id: string): readonly string[] {
  const found = skills.flatMap((skill) => (skill.group === id && skill.framework ? [skill.framework] : []))
  return [...new Set(found)].sort()
}
