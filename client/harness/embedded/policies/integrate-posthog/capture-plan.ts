import { z } from 'zod'
import { RuleError } from '../../agent.ts'
import type { PolicyTools } from '../../policy.ts'

// What a plan says ends up in source code: names and plain expressions only.
const eventSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,60}$/),
  file: z.string().min(1),
  /** Name of the function, or method and path of the route. */
  handler: z.string().regex(/^[A-Za-z_$][\w$]*$|^[A-Z]+ \/[\w/:.-]*$/),
  properties: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/),
    z.string().regex(/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*){0,3}$/),
  ),
  why: z.string(),
})
export type PlannedEvent = z.infer<typeof eventSchema>

const planSchema = z.object({ events: z.array(eventSchema).min(1).max(3) })

/** The plan as one line of text for the next agent. */
export function planText(events: readonly PlannedEvent[]): string {
  return JSON.stringify({ events })
}

/**
 * The plan that `plan-capture` left; empty when it found nothing to capture.
 * @throws RuleError when what it left cannot be read
 */
export async function readPlan(tools: PolicyTools): Promise<readonly PlannedEvent[]> {
  const { ok, text } = await tools.call('read_handoffs', { types: ['plan-capture'] })
  const told = ok ? text : tools.prompt
  const [found] = /\{"events":.*\}/.exec(told) ?? []
  if (found === undefined && told.includes('(not-needed)')) return []
  if (found === undefined)
    throw new RuleError('Cannot find a capture plan in the handoffs of the earlier tasks')
  try {
    return planSchema.parse(JSON.parse(found)).events
  } catch (cause) {
    throw new RuleError(
      'Cannot read the capture plan: expected {"events": [{name, file, handler, properties, why}]}',
      {
        cause,
      },
    )
  }
}

/** `{ title_length: title.length }` in the source, or nothing. */
export function propertiesText(properties: PlannedEvent['properties']): string | undefined {
  const pairs = Object.entries(properties).map(([name, value]) =>
    name === value ? name : `${name}: ${value}`,
  )
  return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : undefined
}
