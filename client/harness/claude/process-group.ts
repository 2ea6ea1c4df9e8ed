import { type ChildProcess, spawn } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { headAndTail } from '../../tools/files/head-and-tail.ts'

/** What the SDK asks for when it wants its program started. */
interface SpawnRequest {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export type Spawn = (request: SpawnRequest) => ChildProcess

/** The processes of one agent: all in one group, which dies with this process at the latest. */
export interface ProcessGroup {
  readonly spawn: Spawn
  /** Ends the group at once, children and all. */
  readonly kill: () => void
  /** What was said on stderr. */
  readonly complaints: () => string
}

export function processGroup(): ProcessGroup {
  const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url))
  const heard = headAndTail()
  const killers: (() => void)[] = []
  return {
    spawn: ({ command, args, cwd, env }) => {
      const child = spawn(execPath, [supervisor, command, ...args], {
        ...(cwd === undefined ? {} : { cwd }),
        env: { ...env },
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      child.stderr.on('data', heard.add)
      // Whoever kills a group closes its ears as well.
      child.stdin.on('error', () => undefined)
      const kill = () => killGroup(child)
      child.once('exit', kill)
      killers.push(kill)
      return child
    },
    kill: () => {
      for (const kill of killers) kill()
    },
    complaints: heard.text,
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}
