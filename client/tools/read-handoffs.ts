import { z } from 'zod'
import { taskType } from '../../schemas/ids.ts'
import { taskId } from '../../schemas/run-event.ts'
import type { Operations } from '../execute/operations.ts'
import type { HostTool } from '../harness/harness.ts'
import { tell, withinBudget } from '../prompts/handoffs.ts'
import { dependenciesOf, type Queue, type Task, taskOf, tasksOf } from '../queue/queue.ts'
import { hostTool } from './host-tool.ts'

const input = z.strictObject({
  tasks: z.array(taskId).max(200).optional().describe('Task ids, such as "t3"'),
  types: z.array(taskType).max(50).optional().describe('Task types, such as "install"'),
})

/** Shows what finished tasks left: by id, by type, or, asked for neither, what the caller depends on. */
export function readHandoffs(operations: Pick<Operations, 'queue'>, caller: string): HostTool {
  return hostTool({
    name: 'read_handoffs',
    description: 'Read what finished tasks left for you. Without arguments: the tasks that yours depends on.',
    input,
    run: async ({ tasks, types }) => {
      const queue = await operations.queue()
      const wanted = chosen(queue, { tasks, types, caller })
      if (wanted.length === 0) return 'No task matches, so there is nothing to read'
      return withinBudget(wanted.map((task) => (clip) => tell(task, clip))).join('\n\n')
    },
  })
}

interface Choice {
  readonly tasks: readonly string[] | undefined
  readonly types: readonly string[] | undefined
  readonly caller: string
}

function chosen(queue: Queue, { tasks, types, caller }: Choice): Task[] {
  const unknown = tasks?.filter((id) => !taskOf(queue, id)) ?? []
  if (unknown.length > 0) {
    throw new Error(
      `Cannot read the handoff of ${unknown.join(', ')}: the queue holds ${queue.entries.size} tasks, t1 and on`,
    )
  }
  const ids = tasks ?? (types ? [] : dependenciesOf(queue, caller))
  const byId = ids.flatMap((id) => taskOf(queue, id) ?? [])
  if (!types) return byId
  const byType = [...tasksOf(queue)].filter(({ spec }) => types.includes(spec.type))
  return [...new Set([...byId, ...byType])]
}
