import type { AgentJob } from '../harness/harness.ts'

/** What an operating system answers where nothing is wrong but that it has no more of something. */
const FAULT = /\b(ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE)\b.{0,200}/

/** The sentence that tells what the machine has no more of; undefined where none does. */
export function faultIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : FAULT.exec(text)?.[0]
}

/** Listens to an agent for what the machine could not do for it; forgotten when it could later, by the same tool. */
export function machineWatch(onEvent: AgentJob['onEvent']): {
  readonly onEvent: AgentJob['onEvent']
  readonly fault: () => string | undefined
} {
  let last: { readonly tool: string; readonly fault: string } | undefined
  return {
    fault: () => last?.fault,
    onEvent: (event) => {
      if (event.t === 'result') {
        const fault = event.ok ? undefined : faultIn(event.text)
        if (fault !== undefined) last = { tool: event.tool, fault }
        else if (event.ok && event.tool === last?.tool) last = undefined
      }
      onEvent(event)
    },
  }
}
