import type { Readable, Writable } from 'node:stream'

/** Exit codes of `mill`, the same for every command. */
export const EXIT = { ok: 0, problems: 1, usage: 2, interrupted: 130 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a command may see of the process it runs in. */
export interface CliIo {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** Absent where nobody can answer. */
  readonly stdin?: Readable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborts on the first Ctrl-C or SIGTERM, and when the terminal is closed. */
  readonly signal: AbortSignal
  /** The command's verdict; the last call holds. Without one the command ends with 0. */
  readonly exit: (code: ExitCode) => void
}

/** A command cannot go on. `bin/program.ts` prints `error <code>: <message>` and ends with `exit`; no stack is shown. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: `${string}/${string}`
  readonly exit: ExitCode

  constructor(
    code: `${string}/${string}`,
    message: string,
    options: { readonly exit?: ExitCode; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.exit = options.exit ?? EXIT.problems
  }
}
