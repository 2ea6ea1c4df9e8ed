import type { FlowBundle } from '../../schemas/agent-menu.ts'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { CommandError } from '../../schemas/cli.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'

/**
 * The prompts of a flow, out of the file that holds all of them.
 * @throws {CommandError} `run/flow-invalid`
 */
export function readPrompts(flow: string, bundle: FlowBundle): AgentPrompt[] {
  if (bundle.flow !== flow) throw flowInvalid(flow, `its file holds flow "${bundle.flow}"`)
  return Object.entries(bundle.agents).map(([type, text]) => {
    const prompt = readPrompt(flow, type, text)
    if (prompt.type === type) return prompt
    throw flowInvalid(flow, `prompt "${type}" says its type is "${prompt.type}"`)
  })
}

function readPrompt(flow: string, type: string, text: string): AgentPrompt {
  try {
    return parsePrompt(text)
  } catch (cause) {
    throw flowInvalid(flow, `prompt "${type}": ${(cause as Error).message}`, cause)
  }
}

function flowInvalid(flow: string, why: string, cause?: unknown): CommandError {
  return new CommandError('run/flow-invalid', `Cannot run flow "${flow}": ${why}`, { cause })
}
