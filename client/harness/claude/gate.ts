import { type Toolbox, toolboxOf } from '../../tools/toolbox.ts'
import type { AgentJob, Decision, ToolCall } from '../harness.ts'
import { readHookInput } from './messages.ts'
import { isOurs, ownName } from './options.ts'

export interface GateOptions {
  readonly job: Pick<AgentJob, 'cwd' | 'tools' | 'hostTools' | 'authorize'>
  readonly signal: AbortSignal
  /** True when nothing more may run. */
  readonly isClosed: () => boolean
  /** Told when a tool that ends the run has succeeded. */
  readonly onReport: () => void
}

/** All that is between the model and the tools: the hook judges each call, and only what it allowed runs, once. */
export interface Gate {
  /** The hook that the program asks before each call, whatever the tool. */
  readonly judge: (input: unknown) => Promise<object>
  readonly toolbox: Toolbox
}

export function gate({ job, signal, isClosed, onReport }: GateOptions): Gate {
  const granted: string[] = []
  const toolbox = toolboxOf({
    ...job,
    signal,
    authorize: (call) => {
      const at = granted.indexOf(signed(call))
      if (at < 0) return { allow: false, reason: `Cannot use "${call.tool}": nobody has allowed this call` }
      granted.splice(at, 1)
      return { allow: true }
    },
  })
  const judged = async (input: unknown): Promise<Decision> => {
    try {
      const { tool_name, tool_input } = readHookInput(input)
      if (isClosed()) return { allow: false, reason: 'This attempt is over' }
      if (!isOurs(tool_name))
        return { allow: false, reason: `Cannot use "${tool_name}": there is no such tool` }
      const call = { tool: ownName(tool_name), input: tool_input }
      const decision = await job.authorize(call)
      if (decision.allow) granted.push(signed(call))
      return decision
    } catch (error) {
      return { allow: false, reason: `Nobody could judge the call: ${messageOf(error)}` }
    }
  }
  return {
    judge: async (input) => answerOf(await judged(input)),
    toolbox: {
      ...toolbox,
      call: async (call, stop) => {
        const answer = await toolbox.call(call, stop)
        if (answer.ok && toolbox.tools.get(call.tool)?.endsRun) onReport()
        return answer
      },
    },
  }
}

/** A call with its input: a grant is good for exactly what was judged. */
function signed({ tool, input }: ToolCall): string {
  return `${tool} ${JSON.stringify(input)}`
}

function answerOf(decision: Decision): object {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: decision.allow ? 'allow' : 'deny',
      ...(decision.allow ? {} : { permissionDecisionReason: decision.reason }),
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
