import type { SkillDocument } from './documents.ts'
import type { ExpandedTree, GroupSkill, Prompt, ServedDoc } from './expanded.ts'

/** A flow of which every prompt is sound and every name means exactly one thing. */
export interface Flow {
  readonly name: string
  /** Sorted by type. */
  readonly prompts: readonly Prompt[]
}

/** What can be served: everything in it refers to nothing but what is in it. */
export interface LinkedTree extends Pick<ExpandedTree, 'commandments' | 'uris' | 'offers' | 'shared'> {
  readonly flows: readonly Flow[]
  readonly skills: readonly SkillDocument[]
  readonly groupSkills: readonly GroupSkill[]
  readonly docs: readonly ServedDoc[]
}
