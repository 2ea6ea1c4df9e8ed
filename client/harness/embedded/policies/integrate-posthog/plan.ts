import type { PolicyTools } from '../../policy.ts'
import type { Rule } from '../../rule.ts'
import { type PlannedEvent, planText } from './capture-plan.ts'

/** Chooses what to capture among what a framework's search finds; changes nothing. */
export function planCapture(find: (tools: PolicyTools) => Promise<readonly PlannedEvent[]>): Rule {
  return {
    goal: 'Choose one to three user actions to capture',
    follow: async (tools) => {
      const found = await find(tools)
      const events = [...new Map(found.map((event) => [event.name, event])).values()].slice(0, 3)
      if (events.length === 0) {
        return {
          status: 'not-needed',
          did: 'Looked for handlers of user actions and found none that sends a request',
          reason: 'No user action was found that a rule can capture',
        }
      }
      return {
        status: 'done',
        did: `Chose ${events.map(({ name, file, handler }) => `${name} (${handler} in ${file})`).join(', ')}`,
        forNextAgent: planText(events),
        assumptions: 'Actions are told by the requests that forms and routes handle',
      }
    },
  }
}
