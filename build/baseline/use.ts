import type { BaselineEntry } from '../../schemas/baseline.ts'

/** `obey` excuses what the tree's baseline lists; `record` excuses all that a baseline may list. */
export type BaselineUse = 'obey' | 'record'

/** What a build made of a baseline. */
export interface BaselineOutcome {
  /** Findings that the tree's baseline lists. */
  readonly listed: number
  /** One entry for all that was excused under the same key. */
  readonly excused: readonly BaselineEntry[]
}
