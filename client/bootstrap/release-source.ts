import type { AvailableSkill } from '../install/resolve.ts'
import type { PromisedArtifact } from './artifact.ts'

/** A flow of a release: where its prompts are. */
export interface AvailableFlow extends PromisedArtifact {
  readonly id: string
}

/** What a release offers, however that became known. */
export interface ReleaseSource {
  readonly release: string
  /** Channel it was read from, when the server told one. */
  readonly channel: string | null
  readonly flows: readonly AvailableFlow[]
  readonly skills: () => Promise<readonly AvailableSkill[]>
}
