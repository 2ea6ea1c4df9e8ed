import type { Handoff } from '../../../schemas/handoff.ts'
import { RuleError } from './agent.ts'
import type { Policy, PolicyTools } from './policy.ts'

interface Account extends Partial<Omit<Handoff, 'goals' | 'did'>> {
  readonly did: string
}

/** How a rule's task went. */
export type Outcome =
  | (Account & { readonly status: 'done' })
  | (Account & { readonly status: 'not-needed' | 'failed'; readonly reason: string })

/** What is done for one task type. A RuleError is its honest failure. */
export interface Rule {
  readonly goal: string
  readonly follow: (tools: PolicyTools) => Promise<Outcome>
}

/** A rule as a policy: follows it and reports how it went. */
export function policyOf(rule: Rule): Policy {
  return async (tools) => {
    const { status, reason, ...account } = await outcomeOf(rule, tools)
    const handoff: Handoff = { goals: rule.goal, forNextAgent: 'Nothing beyond this', ...account }
    await tools.call('complete_task', { status, handoff, ...(reason === undefined ? {} : { reason }) })
  }
}

/** One rule among several, by the framework of the app. */
export function byFramework(rules: Readonly<Record<string, Rule>>): Policy {
  return async (tools) => {
    const framework = tools.subject.framework ?? 'none'
    const rule = Object.hasOwn(rules, framework) ? rules[framework] : undefined
    await policyOf(rule ?? unknown(tools.subject.type, framework))(tools)
  }
}

async function outcomeOf(rule: Rule, tools: PolicyTools): Promise<Outcome & { readonly reason?: string }> {
  try {
    return await rule.follow(tools)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return { status: 'failed', did: 'Stopped where the rule did not fit', reason: error.message }
  }
}

function unknown(type: string, framework: string): Rule {
  return {
    goal: `Do ${type} for the framework "${framework}"`,
    follow: async () => ({
      status: 'failed',
      did: 'Changed nothing',
      reason: `Cannot do "${type}" for the framework "${framework}": there is no rule for it`,
    }),
  }
}
