import type { AgentJob, Decision, HostTool, ToolCall } from '../harness/harness.ts'
import { fileTools } from './files/file-tools.ts'

/** What a tool answered, or why it did not run. */
export interface ToolAnswer {
  readonly ok: boolean
  readonly text: string
}

/** The tools of one attempt, and the one way to call them, whatever the harness. */
export interface Toolbox {
  /** What is in neither list of the job, or denied, is not here. */
  readonly tools: ReadonlyMap<string, HostTool>
  /** Judges the call and runs it. Never rejects; a refusal is an answer. */
  readonly call: (call: ToolCall, signal: AbortSignal) => Promise<ToolAnswer>
  /** Aborts when the attempt is told to stop. */
  readonly signal: AbortSignal
}

/** File tools and host tools of a job, as far as it is allowed them. */
export function toolboxOf(
  job: Pick<AgentJob, 'cwd' | 'tools' | 'hostTools' | 'authorize' | 'signal'>,
): Toolbox {
  const tools = registered(job)
  let isReported = false
  return {
    tools,
    signal: job.signal,
    call: async (call, signal) => {
      const stop = AbortSignal.any([job.signal, signal])
      if (isReported) return refused('This task is reported; stop here')
      if (stop.aborted) return refused('This attempt is over; nothing it says is taken any more. Stop here')
      const decision = await judged(job, call)
      if (!decision.allow) return refused(decision.reason)
      const found = tools.get(call.tool)
      if (!found) return refused(`Cannot use ${JSON.stringify(call.tool)}: there is no such tool here`)
      try {
        const text = await found.run(call.input, stop)
        isReported ||= found.endsRun === true
        return { ok: true, text }
      } catch (error) {
        return refused(messageOf(error))
      }
    },
  }
}

/** A task that may not report could never end well, so only a denial takes that tool away. */
function registered({ cwd, tools, hostTools }: Pick<AgentJob, 'cwd' | 'tools' | 'hostTools'>) {
  const open = ({ name, endsRun }: HostTool) =>
    !tools.deny.includes(name) && (endsRun === true || tools.allow.includes(name))
  return new Map([...fileTools(cwd), ...hostTools].filter(open).map((tool) => [tool.name, tool]))
}

async function judged({ authorize }: Pick<AgentJob, 'authorize'>, call: ToolCall): Promise<Decision> {
  try {
    return await authorize(call)
  } catch (error) {
    const shown = JSON.stringify(call.tool)
    return { allow: false, reason: `Cannot use ${shown}: nobody could judge the call, ${messageOf(error)}` }
  }
}

function refused(text: string): ToolAnswer {
  return { ok: false, text }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
