import type { Stop, Verdict } from '../execute/verdict.ts'
import type { Task } from '../queue/queue.ts'

/** What a run of one task came to. */
export function linearVerdict(task: Task | undefined, stop: Stop | undefined): Verdict {
  const state = task?.state
  if (state?.status === 'done' || state?.status === 'not-needed') return { verdict: 'succeeded', reasons: [] }
  if (state?.status === 'failed') {
    const { kind, message } = state.failure
    return { verdict: 'failed', reasons: [`The agent failed (${kind}): ${message}`] }
  }
  if (stop?.kind === 'interrupted') {
    return {
      verdict: 'cancelled',
      reasons: ['The run was interrupted; its agent was not done'],
      resumable: true,
    }
  }
  const why = stop ? `${stop.why}; the agent was not done` : 'The agent has not run'
  return { verdict: 'failed', reasons: [why], resumable: stop !== undefined }
}
