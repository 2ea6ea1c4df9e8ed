/** Everything that can be wrong with what is served, one code each. */
export type ProblemCode =
  | 'unreachable'
  | 'missing'
  | 'index'
  | 'prompt'
  | 'flow'
  | 'zip'
  | 'bundle'
  | 'document'
  | 'agent-menu'
  | 'skill-menu'
  | 'manifest'
  | 'link'
  | 'archive'
  | 'sums'
  | 'alias'
  | 'copy'
  | 'list'
  | 'pointer'
  | 'unsigned'
  | 'wrong-key'
  | 'signature'
  | 'expired'
  | 'serial'

/** One thing that is not as it was promised. */
export interface Problem {
  readonly code: `verify/${ProblemCode}`
  /** Address, or path of the file. */
  readonly url: string
  readonly expected: string
  readonly came: string
}

/** What a check found to be wrong, and how much it looked at. */
export interface Verdict {
  readonly problems: readonly Problem[]
  readonly channels: number
  readonly releases: number
  readonly files: number
}
