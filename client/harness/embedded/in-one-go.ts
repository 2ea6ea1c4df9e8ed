import { z } from 'zod'
import { handoffSchema } from '../../../schemas/handoff.ts'
import { tellHandoff } from '../../prompts/handoffs.ts'
import type { Policy, PolicyTools, ToolResult } from './policy.ts'
import { accountOf, type Step, type StepEnd } from './step-account.ts'

const enqueued = z.looseObject({ type: z.string(), dependsOn: z.array(z.string()).default([]) })
const completed = z.looseObject({
  status: z.enum(['done', 'not-needed', 'failed']),
  handoff: handoffSchema,
  reason: z.string().optional(),
})
const asked = z.looseObject({ types: z.array(z.string()).optional() })

/**
 * One agent that does by itself what several would: it plans by the seed's rule, follows the rule of each step, keeps
 * what they leave for each other in its head, and reports once. What waits for a step that failed is left out.
 */
export function inOneGo(ruleOf: (type: string) => Policy | undefined): Policy {
  return async (tools) => {
    const { seed = 'seed', types = [] } = tools.subject.steps ?? {}
    const plan = await planned(tools, { rule: ruleOf(seed), seed, types })
    for (const step of plan) {
      tools.say(`Step ${step.type}`)
      step.end = await carriedOut(step, { plan, rule: ruleOf(step.type), tools })
    }
    await tools.call('complete_task', accountOf(plan))
  }
}

interface Planning {
  readonly rule: Policy | undefined
  readonly seed: string
  readonly types: readonly string[]
}

/** The steps that the seed's rule asks for, in that order; all of them where there is no such rule. */
async function planned(tools: PolicyTools, { rule, seed, types }: Planning): Promise<readonly Step[]> {
  const plan: Step[] = []
  const add = (type: string, dependsOn: readonly string[]): string => {
    const id = `t${plan.length + 1}`
    plan.push({ id, type, dependsOn })
    return id
  }
  if (!rule) {
    for (const type of types) add(type, [])
    return plan
  }
  const call = async (tool: string, input: unknown): Promise<ToolResult> => {
    if (tool !== 'enqueue_task') return tools.call(tool, input)
    const { type, dependsOn } = enqueued.parse(input)
    if (!types.includes(type)) return { ok: false, text: `There is no step "${type}"` }
    return { ok: true, text: `Noted ${add(type, dependsOn)} (${type})` }
  }
  await rule({ ...tools, subject: { ...tools.subject, type: seed }, call })
  return plan
}

interface CarryingOut {
  readonly plan: readonly Step[]
  readonly rule: Policy | undefined
  readonly tools: PolicyTools
}

async function carriedOut(step: Step, { plan, rule, tools }: CarryingOut): Promise<StepEnd> {
  const failed = plan.find(({ id, end }) => step.dependsOn.includes(id) && end?.status === 'failed')
  if (failed) return { status: 'failed', reason: `It waits for ${failed.type}, which failed` }
  if (!rule) return { status: 'failed', reason: `There is no rule for "${step.type}"` }
  let end: StepEnd | undefined
  const call = async (tool: string, input: unknown): Promise<ToolResult> => {
    if (tool === 'complete_task') {
      const { status, handoff, reason } = completed.parse(input)
      end ??= { status, handoff, ...(reason === undefined ? {} : { reason }) }
      return { ok: true, text: 'Noted' }
    }
    if (tool === 'read_handoffs')
      return { ok: true, text: recalled(plan, step, asked.parse(input ?? {}).types) }
    return tools.call(tool, input)
  }
  await rule({ ...tools, subject: { ...tools.subject, type: step.type }, call })
  return end ?? { status: 'failed', reason: 'Its rule came to no end' }
}

/** As `read_handoffs` tells of tasks. */
function recalled(plan: readonly Step[], step: Step, types: readonly string[] | undefined): string {
  const wanted = plan.filter(({ id, type }) => (types ? types.includes(type) : step.dependsOn.includes(id)))
  return wanted.flatMap((other) => (other.end ? [tellStep(other, other.end)] : [])).join('\n\n')
}

function tellStep({ id, type }: Step, { status, handoff, reason }: StepEnd): string {
  const why = reason === undefined ? [] : [`- ${status === 'failed' ? 'Failed' : 'Not needed'}: ${reason}`]
  const left = handoff ? tellHandoff(handoff, Number.POSITIVE_INFINITY) : ['No handoff.']
  return [`### ${id} ${type}: ${type} (${status})`, ...why, ...left].join('\n')
}
