import { visible } from '../../schemas/hidden-text.ts'
import type { AgentEvent } from '../harness/harness.ts'
import { cut } from './text.ts'

/** What an agent does right now, in words that a terminal can be trusted with. */
export interface Doing {
  /** Id of the call that is open; null while the agent thinks. */
  readonly call: string | null
  readonly text: string
}

/** Columns; whoever draws it shortens it further. */
const LONGEST = 160
/** Where each tool says what it works on; the first that is there counts. */
const SUBJECTS = ['file_path', 'path', 'pattern', 'command', 'type', 'status', 'task', 'question'] as const
/** A file of environment values; not one of examples. */
const SECRET_FILE = /(^|[\s"'=:/\\>(])\.env(?!\.example\b)/i
/** A name in capitals that is given a value, quoted or not. */
const ASSIGNED = /\b([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"?|'[^']*'?|[^\s;&|]+)/g

/** What an agent does after it said something; undefined when that changes nothing. */
export function next(before: Doing | undefined, event: AgentEvent): Doing | undefined {
  switch (event.t) {
    case 'start':
      return { call: null, text: 'starts' }
    case 'call':
      return { call: event.id, text: callText(event.tool, event.input) }
    case 'result':
      if (before?.call !== event.id) return undefined
      return { call: null, text: `thinks, after ${before.text}${event.ok ? '' : ', which failed'}` }
    case 'text':
      return before?.call != null || before?.text.startsWith('thinks')
        ? undefined
        : { call: null, text: 'thinks' }
    case 'retry':
      return { call: null, text: `waits for the model provider${event.status ? ` (${event.status})` : ''}` }
  }
}

/** `Edit src/app.ts`: a tool and its subject, never a value that it was given. */
function callText(tool: string, input: unknown): string {
  const name = tool.replace(/^mcp__.*?__/, '')
  return cut(visible(`${name} ${subjectOf(input)}`.trim().replace(/\s+/g, ' ')), LONGEST)
}

function subjectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return ''
  const fields = input as Readonly<Record<string, unknown>>
  const key = SUBJECTS.find((name) => typeof fields[name] === 'string')
  if (key === undefined) return ''
  const subject = String(fields[key]).slice(0, 2000)
  return key === 'command' ? withoutValues(subject) : subject
}

/** A command that names a file of environment values is not shown beyond its first word. */
function withoutValues(command: string): string {
  if (SECRET_FILE.test(command)) return `${command.trim().split(/[\s=]/, 1)[0]} … (environment values)`
  return command.replace(ASSIGNED, '$1=…')
}
