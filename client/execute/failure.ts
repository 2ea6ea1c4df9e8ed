import type { FailureKind } from '../../schemas/run-event.ts'
import type { AgentOutcome, EndReason } from '../harness/harness.ts'
import type { Failure, Report } from '../queue/task.ts'
import { isTasksFault } from '../queue/transition.ts'

const KIND_OF: Readonly<Record<Exclude<EndReason, 'done'>, FailureKind>> = {
  'max-turns': 'budget',
  timeout: 'timeout',
  budget: 'budget',
  aborted: 'cancelled',
  auth: 'auth',
  'rate-limit': 'rate-limit',
  'api-error': 'api',
  crash: 'crash',
}

const WORDS: Readonly<Record<FailureKind, string>> = {
  'rate-limit': 'the model provider asked to slow down',
  auth: 'the model provider did not accept the credentials',
  api: 'the model provider answered with an error',
  timeout: 'it ran out of time',
  budget: 'it used up its turns or its budget',
  security: 'it was stopped for security',
  'no-report': 'the agent ended without calling complete_task',
  'self-reported': 'the agent reported that it failed',
  crash: 'the agent crashed',
  machine: 'the machine had no more room',
  cancelled: 'it was interrupted',
}

/** Why the agent ended early; null when it simply stopped. */
export function failureOf(outcome: AgentOutcome, model: string): Failure | null {
  if (outcome.end === 'done') return null
  const kind = KIND_OF[outcome.end]
  const message = outcome.message ?? WORDS[kind]
  return outcome.isModelLost ? { kind, message, lostModel: model } : { kind, message }
}

/**
 * What an attempt came to, from what its agent reported and how it ended. A report of success was
 * acknowledged, so it stands however the agent ended; a security stop outweighs a report of failure.
 */
export function verdictOn(report: Report | undefined, ending: Failure | null): Failure | null {
  if (report && report.status !== 'failed') return null
  if (ending?.kind === 'security') return ending
  if (report) return { kind: 'self-reported', message: report.reason ?? report.handoff.did }
  return ending ?? { kind: 'no-report', message: WORDS['no-report'] }
}

/**
 * What the machine did to an attempt outweighs what the agent makes of it, so that nobody is held to a full disk; but
 * neither a security stop nor an interruption becomes another thing by it.
 */
export function blamed(failure: Failure | null, machine: string | undefined): Failure | null {
  if (failure === null || machine === undefined) return failure
  if (!isTasksFault(failure) || FINAL.has(failure.kind)) return failure
  return { kind: 'machine', message: machine }
}

/** A second try cannot mend these. */
const FINAL: ReadonlySet<FailureKind> = new Set(['security', 'auth'])

/** True when the task gets another attempt; one that was not the task's fault is not counted. */
export function isRetried(failure: Failure, failuresBefore: number, maxAttempts: number): boolean {
  if (!isTasksFault(failure)) return true
  return !FINAL.has(failure.kind) && failuresBefore + 1 < maxAttempts
}

export interface Backoff {
  readonly failures: number
  /** What the provider asked for. */
  readonly retryAfterMs?: number | undefined
  /** From 0 to 1. */
  readonly random: number
}

/**
 * How long to wait before the next attempt: as long as the provider asked for, however the attempt ended; and where
 * the provider is the trouble, doubling, with jitter.
 */
export function backoffOf(
  { kind, lostModel }: Failure,
  { failures, retryAfterMs = 0, random }: Backoff,
): number {
  if (lostModel !== undefined) return 0
  if (kind !== 'rate-limit' && kind !== 'api') return retryAfterMs
  const ceiling = Math.min(30_000, 1000 * 2 ** failures)
  return Math.max(retryAfterMs, ceiling / 2 + (ceiling / 2) * random)
}
