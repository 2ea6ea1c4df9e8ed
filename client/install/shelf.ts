import type { InstalledSkill } from '../prompts/registry.ts'
import type { Installer } from './install.ts'
import { type AvailableSkill, resolveSkill } from './resolve.ts'
import { unpack } from './unpack.ts'

/** A skill of the run's release, and whether it can be had without the network. */
export interface ShelvedSkill {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly framework: string | null
  readonly isAtHand: boolean
}

/** The skills of the run's release. What was fetched and verified before the first task is at hand, and nothing else ever is. */
export interface SkillShelf {
  readonly skills: readonly ShelvedSkill[]
  /**
   * Unpacks a skill into the run folder, by its id or its group.
   * @throws RangeError when the release has no such skill, or when it is not at hand
   */
  readonly install: (id: string) => Promise<InstalledSkill>
}

export interface ShelfOptions {
  readonly available: readonly AvailableSkill[]
  readonly framework: string | null
  /** Digest to the verified bytes of an artifact. */
  readonly artifacts: ReadonlyMap<string, Uint8Array>
  readonly install: Installer
}

/** Holds what bootstrap fetched: other variants of a bundle that a prompt names come with it. */
export function skillShelf({ available, framework, artifacts, install }: ShelfOptions): SkillShelf {
  return {
    skills: available.map((skill) => ({
      id: skill.id,
      name: skill.name,
      group: skill.group,
      framework: skill.framework ?? null,
      isAtHand: artifacts.has(skill.digest),
    })),
    install: async (id) => {
      const skill = resolveSkill(available, id, framework)
      if (skill === null)
        throw new RangeError(`Cannot install "${id}": the release has no such skill for this app`)
      const bytes = artifacts.get(skill.digest)
      if (bytes !== undefined) return install(skill.id, () => unpack(skill, bytes))
      throw new RangeError(
        `Cannot install "${skill.id}": no prompt of this flow names it, and nothing is fetched once tasks run`,
      )
    },
  }
}
