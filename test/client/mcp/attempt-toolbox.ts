import type { AgentJob, HostTool } from '../../../client/harness/harness.ts'
import { type Toolbox, toolboxOf } from '../../../client/tools/toolbox.ts'

export interface Attempt {
  readonly toolbox: Toolbox
  /** What was really run, in order. */
  readonly ran: string[]
  readonly stop: AbortController
}

/** A toolbox of hand-made tools, each with a schema of its own. */
export function attemptOf(name: string, more: Partial<AgentJob> = {}): Attempt {
  const ran: string[] = []
  const stop = new AbortController()
  const tool = (toolName: string, run: HostTool['run'], endsRun = false): HostTool => ({
    name: toolName,
    description: `${toolName} of ${name}`,
    input: { type: 'object', properties: { text: { type: 'string' } }, additionalProperties: false },
    ...(endsRun ? { endsRun } : {}),
    run: (input, signal) => {
      ran.push(toolName)
      return run(input, signal)
    },
  })
  const hostTools = [
    tool('enqueue_task', async (input) => `${name} says ${JSON.stringify(input)}`),
    tool('read_handoffs', async () => {
      throw new Error('Cannot read: there is nothing')
    }),
    tool('ask_user', (_, signal) => new Promise((_resolve, reject) => hold(signal, reject))),
    tool('complete_task', async () => 'Reported', true),
  ]
  const toolbox = toolboxOf({
    cwd: '/nowhere',
    tools: { allow: hostTools.map((offered) => offered.name), deny: [] },
    hostTools,
    authorize: () => ({ allow: true }),
    signal: stop.signal,
    ...more,
  })
  return { toolbox, ran, stop }
}

function hold(signal: AbortSignal, reject: (error: Error) => void): void {
  signal.addEventListener('abort', () => reject(new Error('told to stop')), { once: true })
}
