import type { ChildProcess } from 'node:child_process'
import { headAndTail } from '../../supervision/head-and-tail.ts'
import { type Program, type Supervised, supervised } from '../../supervision/supervised.ts'

/** What the SDK asks for when it wants its program started. */
export type Spawn = (request: Omit<Program, 'hears'>) => ChildProcess

/** The processes of one agent. */
export interface AgentProcesses {
  readonly spawn: Spawn
  /** Kills them all. Resolves when they are gone. */
  readonly end: () => Promise<unknown>
  /** What was said on stderr. */
  readonly complaints: () => string
}

export function agentProcesses(): AgentProcesses {
  const heard = headAndTail()
  const started: Supervised[] = []
  return {
    spawn: ({ command, args, cwd, env }) => {
      const program = { command, args, env, hears: true, ...(cwd === undefined ? {} : { cwd }) }
      const child = supervised(program)
      child.process.stderr.on('data', heard.add)
      started.push(child)
      return child.process
    },
    end: () => Promise.all(started.map((child) => child.end())),
    complaints: heard.text,
  }
}
