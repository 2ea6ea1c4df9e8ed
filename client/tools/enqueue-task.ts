import { z } from 'zod'
import { modelName } from '../../schemas/agent-prompt.ts'
import { taskType } from '../../schemas/ids.ts'
import { taskId } from '../../schemas/run-event.ts'
import type { Operations } from '../execute/operations.ts'
import type { HostTool } from '../harness/harness.ts'
import { hostTool } from './host-tool.ts'

const INPUT_LIMIT = 16_000

const input = z.strictObject({
  type: taskType.describe('One of the task types of this flow'),
  label: z.string().min(1).max(120).optional().describe('A few words for the person who is watching'),
  dependsOn: z
    .array(taskId)
    .max(1000)
    .default([])
    .describe('Ids, as enqueue_task answered them, of the tasks this one waits for'),
  inputs: z
    .record(z.string(), z.json())
    .default({})
    .refine((inputs) => JSON.stringify(inputs).length <= INPUT_LIMIT, 'expected at most 16,000 characters')
    .describe('What the task has to know beyond its prompt'),
  model: modelName.optional().describe('Only to override the model that the prompt names'),
  optional: z.boolean().default(false).describe('True when what waits for it may run though it fails'),
  reason: z.string().max(2000).optional().describe('Why it is needed, such as the finding that calls for it'),
})

/** Puts a task on the queue; where a guard objects, says why. `types` are those that the flow has. */
export function enqueueTask(operations: Pick<Operations, 'enqueue'>, types: readonly string[]): HostTool {
  return hostTool({
    name: 'enqueue_task',
    description: `Queue a task for another agent. It may start at once. Answers with the id that other tasks can depend on. Types: ${types.join(', ')}.`,
    input,
    run: ({ label, model, reason, ...asked }) =>
      operations.enqueue({
        ...asked,
        ...(label === undefined ? {} : { label }),
        ...(model === undefined ? {} : { model }),
        ...(reason === undefined ? {} : { reason }),
      }),
  })
}
