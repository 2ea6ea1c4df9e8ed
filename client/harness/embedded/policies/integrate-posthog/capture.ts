import { RuleError, read, rewrite, undisturbed } from '../../agent.ts'
import type { PolicyTools } from '../../policy.ts'
import type { Outcome, Rule } from '../../rule.ts'
import { type PlannedEvent, readPlan } from './capture-plan.ts'

/** Where a framework's captures stand: what counts as there already, and the text with one more. */
export interface CaptureStyle {
  readonly isThere: (text: string, event: PlannedEvent) => boolean
  /** Undefined when the place cannot be found. */
  readonly insert: (text: string, event: PlannedEvent, tools: PolicyTools) => Promise<string | undefined>
}

/** Captures the events of the plan, each at the place the plan names. */
export function capture(style: CaptureStyle): Rule {
  return {
    goal: 'Capture the planned events where their actions have succeeded',
    follow: async (tools) => {
      const plan = await readPlan(tools)
      if (plan.length === 0) {
        return {
          status: 'not-needed',
          did: 'Captured nothing',
          reason: 'The plan chose no action to capture',
        }
      }
      const touched: string[] = []
      const missed: string[] = []
      for (const event of plan) {
        const change = await undisturbed(() => captureOne(tools, event, style))
        if (change === 'made') touched.push(event.file)
        if (change === 'missed') missed.push(`${event.name} in ${event.file}`)
      }
      if (missed.length === plan.length) {
        throw new RuleError(`Cannot find where ${missed.join(', ')} succeeds`)
      }
      return captured(plan, touched, missed)
    },
  }
}

function captured(
  plan: readonly PlannedEvent[],
  touched: readonly string[],
  missed: readonly string[],
): Outcome {
  const names = plan.map(({ name }) => name)
  return {
    status: 'done',
    did:
      touched.length === 0
        ? 'Found the planned events captured already'
        : `Captured ${plan
            .filter(({ file }) => touched.includes(file))
            .map(({ name, file }) => `${name} in ${file}`)
            .join(', ')}`,
    forNextAgent: `Events that are sent: ${names.join(', ')}`,
    filesTouched: [...new Set(touched)],
    ...(missed.length > 0 ? { conflict: `No place found for ${missed.join(', ')}` } : {}),
  }
}

async function captureOne(
  tools: PolicyTools,
  event: PlannedEvent,
  style: CaptureStyle,
): Promise<'made' | 'there' | 'missed'> {
  const before = await read(tools, event.file)
  if (before === undefined) return 'missed'
  if (style.isThere(before, event)) return 'there'
  const after = await style.insert(before, event, tools)
  if (after === undefined) return 'missed'
  await rewrite(tools, event.file, { before, after })
  return 'made'
}
