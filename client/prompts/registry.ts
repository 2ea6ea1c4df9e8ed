import type { AgentPrompt } from '../../schemas/agent-prompt.ts'

/** A skill unpacked into the run folder. */
export interface InstalledSkill {
  readonly id: string
  /** Path of its folder, relative to the app's folder, forward slashes. */
  readonly folder: string
  /** Paths inside the folder, sorted; `SKILL.md` is always there. */
  readonly files: readonly string[]
}

/** Everything one run needs from the server, fetched, verified and cross-checked before it starts. */
export interface Registry {
  readonly flow: string
  readonly release: string
  readonly seed: AgentPrompt
  /** Every prompt of the flow but the seed, by task type. */
  readonly prompts: ReadonlyMap<string, AgentPrompt>
  /** `linear` is told to one agent that does all of it alone, where the release has such a text. */
  readonly contracts: { readonly seed: string; readonly task: string; readonly linear?: string | undefined }
  /** Skill name as written in a prompt's `skills` → the skill resolved for the app's framework. */
  readonly skills: ReadonlyMap<string, InstalledSkill>
}
