import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { CommandError, type ExitCode } from '../../../schemas/cli.ts'
import { serverCommands } from '../../../server/cli.ts'

/** What a command came to. */
export interface Ended {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
  /** Code of the error that ended it. */
  readonly error: string | undefined
}

/** Runs a command of the server's room in this process; what it cannot do is its error. */
export async function runMill(args: readonly string[], cwd: string): Promise<Ended> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const said = Promise.all([text(stdout), text(stderr)])
  let code: ExitCode = 0
  let error: CommandError | undefined
  const io = {
    ...{ stdout, stderr, cwd, signal: new AbortController().signal },
    env: { PATH: process.env.PATH, HOME: cwd, XDG_CACHE_HOME: cwd },
    exit: (given: ExitCode) => {
      code = given
    },
  }
  const mill = new Command('mill').exitOverride()
  mill.configureOutput({ writeOut: (words) => stdout.write(words), writeErr: (words) => stderr.write(words) })
  for (const command of serverCommands(io)) mill.addCommand(command.copyInheritedSettings(mill))
  await mill.parseAsync(['node', 'mill', ...args]).catch((thrown: Error & { exitCode?: number }) => {
    if (thrown instanceof CommandError) {
      error = thrown
      code = thrown.exit
    } else if (thrown.exitCode === undefined) throw thrown
    else code = thrown.exitCode === 0 ? 0 : 2
  })
  stdout.end()
  stderr.end()
  const [out, err] = await said
  return { code, out, err: error === undefined ? err : `${err}${error.message}`, error: error?.code }
}
