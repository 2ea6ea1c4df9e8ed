import type { Handoff } from '../../../schemas/handoff.ts'

/** How a step went that one agent did among others. */
export interface StepEnd {
  readonly status: 'done' | 'not-needed' | 'failed'
  readonly handoff?: Handoff
  readonly reason?: string
}

/** A step in an agent's head. */
export interface Step {
  readonly id: string
  readonly type: string
  readonly dependsOn: readonly string[]
  end?: StepEnd
}

/** What the agent reports, as `complete_task` takes it. */
export interface Account {
  readonly status: StepEnd['status']
  readonly handoff: Handoff
  readonly reason?: string
}

const TEXT = 8000
const REASON = 2000
const PATHS = 200

/** All steps as one report: failed when any failed, not needed when none had a place. */
export function accountOf(plan: readonly Step[]): Account {
  const failed = plan.filter(({ end }) => end?.status === 'failed')
  const done = plan.filter(({ end }) => end?.status === 'done')
  const files = [...new Set(done.flatMap(({ end }) => end?.handoff?.filesTouched ?? []))]
  const evidence = lines(plan, ({ end }) => end?.handoff?.evidence)
  const handoff: Handoff = {
    goals: 'Do all steps of the flow, one after the other',
    did: lines(plan, ({ end }) => end?.handoff?.did ?? end?.reason) || 'Found nothing to do',
    forNextAgent: 'Nobody comes after this one',
    ...(files.length === 0 ? {} : { filesTouched: files.slice(0, PATHS) }),
    ...(evidence === '' ? {} : { evidence }),
  }
  if (failed.length > 0) {
    return { status: 'failed', handoff, reason: lines(failed, ({ end }) => end?.reason).slice(0, REASON) }
  }
  if (done.length > 0) return { status: 'done', handoff }
  return { status: 'not-needed', handoff, reason: 'No step has a place in this project' }
}

/** A line for each step that has something to say. */
function lines(steps: readonly Step[], of: (step: Step) => string | undefined): string {
  return steps
    .flatMap((step) => {
      const text = of(step)
      return text === undefined ? [] : [`${step.type}: ${text}`]
    })
    .join('\n')
    .slice(0, TEXT)
}
