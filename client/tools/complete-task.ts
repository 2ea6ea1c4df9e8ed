import { z } from 'zod'
import { handoffSchema } from '../../schemas/handoff.ts'
import type { Operations } from '../execute/operations.ts'
import type { HostTool } from '../harness/harness.ts'
import { hostTool } from './host-tool.ts'

const input = z
  .strictObject({
    status: z
      .enum(['done', 'not-needed', 'failed'])
      .describe(
        'done: the success criteria hold; not-needed: the project has no place for it; failed: it could not be done',
      ),
    handoff: handoffSchema.describe('What the next agent should know'),
    reason: z.string().min(1).max(2000).optional().describe('Why it failed or was not needed'),
  })
  .refine(({ status, reason }) => status === 'done' || reason !== undefined, {
    path: ['reason'],
    message: 'expected a reason when the status is "failed" or "not-needed"',
  })

/** Reports how the task went. Once per attempt, and only while that attempt is the one at work. */
export function completeTask(operations: Pick<Operations, 'complete'>): HostTool {
  return hostTool({
    name: 'complete_task',
    description:
      'Report how your task went and what the next agent should know. Call it once, as the last thing you do.',
    input,
    endsRun: true,
    run: ({ status, handoff, reason }) =>
      operations.complete({ status, handoff, ...(reason === undefined ? {} : { reason }) }),
  })
}
