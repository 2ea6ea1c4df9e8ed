import type { Rule } from '../../rule.ts'
import { readPlan } from './capture-plan.ts'

/** Without an account nothing is created: the insights worth making are listed for a person. */
export const dashboard: Rule = {
  goal: 'Turn the captured events into a dashboard',
  follow: async (tools) => {
    const events = await readPlan(tools)
    const insights = events.flatMap(({ name }) => [
      `trend of ${name}: how often, and by how many people, each week?`,
      `funnel from login to ${name}: how many of those who come get that far?`,
      `retention on ${name}: do people come back to do it again?`,
    ])
    return {
      status: 'not-needed',
      did: `Listed ${insights.length} insights and created none`,
      reason: 'There is no access to a PostHog account, so no dashboard can be created',
      forNextAgent: `Insights worth making: ${insights.join('; ') || 'none, since no event is captured'}`,
    }
  },
}
