import type { Effort } from '../../schemas/agent-prompt.ts'
import type { Usage } from '../../schemas/run-event.ts'
import type { CostOf } from '../models/cost.ts'

/** A tool that the host offers to one agent, closed over that agent's attempt. */
export interface HostTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the input. */
  readonly input: Readonly<Record<string, unknown>>
  /** True when the agent has nothing left to do after a successful call. */
  readonly endsRun?: boolean
  /** Resolves with the text the model sees. Contract: a rejection is an error the model sees. */
  readonly run: (input: unknown, signal: AbortSignal) => Promise<string>
}

export type Decision =
  | { readonly allow: true }
  /** `stop` ends the attempt at once; it is never retried. */
  | { readonly allow: false; readonly reason: string; readonly stop?: true }

export interface ToolCall {
  readonly tool: string
  readonly input: unknown
}

/** What the job is about, for harnesses that follow rules instead of reading the prompt. */
export interface JobSubject {
  readonly flow: string
  readonly type: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly framework: string | null
  /** Absolute path of the run folder, inside `cwd`. */
  readonly runFolder: string
  /** Task id for a task, `seed` for the seed. */
  readonly by: string
  /** What one agent does alone, in this order; absent where each type has an agent of its own. */
  readonly steps?: { readonly seed: string; readonly types: readonly string[] }
}

export interface AgentJob {
  readonly id: string
  readonly subject: JobSubject
  /** The app's folder; file tools see nothing outside it. */
  readonly cwd: string
  readonly model: string
  readonly effort?: Effort
  readonly system: string
  readonly prompt: string
  /** Names as in agent prompts, host tools included. Deny wins; what is in neither list is denied. */
  readonly tools: { readonly allow: readonly string[]; readonly deny: readonly string[] }
  readonly hostTools: readonly HostTool[]
  /** Asked before every call, whatever the tool. Contract: fail closed. */
  readonly authorize: (call: ToolCall) => Decision | Promise<Decision>
  readonly limits: {
    readonly maxTurns: number
    /** Reached when what `costOf` says of the requests so far comes to it. */
    readonly maxUsd?: number
    readonly timeoutMs: number
    /** How long an agent that is not waiting for a tool may say nothing. */
    readonly stallMs: number
  }
  readonly costOf: CostOf
  /** Contract: the run ends soon after it aborts, and leaves no process behind. */
  readonly signal: AbortSignal
  readonly onEvent: (event: AgentEvent) => void
}

export type AgentEvent =
  | { readonly t: 'start'; readonly tools: readonly string[]; readonly model: string }
  | { readonly t: 'text'; readonly text: string }
  | { readonly t: 'call'; readonly id: string; readonly tool: string; readonly input: unknown }
  | {
      readonly t: 'result'
      readonly id: string
      readonly tool: string
      readonly ok: boolean
      readonly text: string
    }
  | { readonly t: 'retry'; readonly status?: number }

/** `done` means that the model stopped; whether the task is done is for the queue to say. */
export type EndReason =
  | 'done'
  | 'max-turns'
  | 'timeout'
  | 'budget'
  | 'aborted'
  | 'auth'
  | 'rate-limit'
  | 'api-error'
  | 'crash'

export interface AgentOutcome {
  readonly end: EndReason
  readonly message?: string
  /** True when the provider does not have the model, or not for us: another one may do. */
  readonly isModelLost?: true
  /** True when it was told to stop and did not: it may still be at work, though no tool runs for it any more. */
  readonly isLost?: true
  readonly turns: number
  /** One entry a request to a model. */
  readonly usage: readonly Usage[]
  /** How long the model provider asked to be left alone. */
  readonly retryAfterMs?: number
  readonly ms: number
}

export type Availability =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly why: string; readonly fix: string }

/** Which models a harness runs. */
export type HarnessModels =
  /** One of its own, whatever prompts name. */
  | { readonly kind: 'own'; readonly name: string }
  /** Those that prompts name for its profile; `fallback` where they name none. */
  | { readonly kind: 'named'; readonly profile: 'sdk' | 'pi'; readonly fallback?: string }

export interface AgentHarness {
  readonly name: string
  /** Printed in every report, such as "no model: rule-based". */
  readonly disclosure: string
  readonly models: HarnessModels
  readonly check: () => Promise<Availability>
  /** Runs one fresh agent to its end. Contract: never rejects. */
  readonly run: (job: AgentJob) => Promise<AgentOutcome>
}
