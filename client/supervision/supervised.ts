import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { killStrays, MARK } from './strays.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when it reads what is written to its stdin, and ends some time after that has ended. */
  readonly hears: boolean
}

/** A program and all that it starts, none of which outlives this process. */
export interface Supervised {
  /** Its pipes are those of the program, its end is the end of them all. */
  readonly process: ChildProcessWithoutNullStreams
  /** Kills them all. Resolves when they are gone, a little more than a second later at the most. */
  readonly end: () => Promise<void>
}

/** How long the supervisor has for its work before it is killed, and its work done here. */
const GRACE_MS = 1000

/** Starts a program under a supervisor of its own. */
export function supervised({ command, args, cwd, env, hears }: Program): Supervised {
  const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url))
  const mark = randomUUID()
  const child = spawn(execPath, [supervisor, mark, hears ? 'hears' : 'deaf', command, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env, [MARK]: mark },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', (_code, signal) => {
      // Somebody has killed the supervisor in the middle of its work.
      if (signal !== null) killStrays(mark)
      resolve()
    })
  })
  // Whoever kills a program closes its ears as well.
  child.stdin.on('error', () => undefined)
  return {
    process: child,
    end: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      await gone
      clearTimeout(late)
    },
  }
}
