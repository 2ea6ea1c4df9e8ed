import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import type { AgentJob } from '../harness/harness.ts'

/** How far one agent may go. */
export type Limits = AgentJob['limits']

const MAX_TURNS = 60
const TIMEOUT = '10m'
const STALL_MS = 300_000
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** What a prompt allows its agent, or what is usual where it says nothing. */
export function limitsOf({ maxTurns, maxUsd, timeout }: AgentPrompt): Limits {
  return {
    maxTurns: maxTurns ?? MAX_TURNS,
    ...(maxUsd === undefined ? {} : { maxUsd }),
    timeoutMs: milliseconds(timeout ?? TIMEOUT),
    stallMs: STALL_MS,
  }
}

/** An agent may spend what its prompt allows, and never more than the run has left. */
export function atMost(limits: Limits, usdLeft: number | undefined): Limits {
  if (usdLeft === undefined) return limits
  return { ...limits, maxUsd: Math.min(limits.maxUsd ?? usdLeft, usdLeft) }
}

/** `90s`, `10m`, `1h`, as their schema has it. */
function milliseconds(duration: string): number {
  return Number.parseInt(duration, 10) * (UNITS[duration.slice(-1)] ?? 1000)
}
