import type { JobSubject } from '../harness.ts'

export interface ToolResult {
  readonly ok: boolean
  readonly text: string
}

/** What a policy has in hand while it acts for an agent. */
export interface PolicyTools {
  readonly subject: JobSubject
  /** The app's folder. */
  readonly cwd: string
  /** What a model would have been told. */
  readonly prompt: string
  readonly signal: AbortSignal
  /** One turn: the call is announced, judged, run and answered. A refusal is an answer, too. */
  readonly call: (tool: string, input: unknown) => Promise<ToolResult>
  /** Says something to whoever watches. */
  readonly say: (text: string) => void
}

/** The rule for one task type. Contract: it lets errors of `call` pass, they end the agent. */
export type Policy = (tools: PolicyTools) => Promise<void>
