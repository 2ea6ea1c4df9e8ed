import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { type CliIo, CommandError, EXIT } from '../schemas/cli.ts'

const interrupt = new AbortController()
/** Who asks again after so long wants out at once; until then it is the same request, passed on by a parent. */
const IMPATIENCE_MS = 1000
/** How long what does not stop may go on once its command has ended. */
const ABANDONED_MS = 1000
let askedAt: number | undefined
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The listener stays: whoever else listens may take the last one's absence for leave to kill the process.
  process.on(name, () => {
    askedAt ??= Date.now()
    if (Date.now() - askedAt > IMPATIENCE_MS) process.exit(EXIT.interrupted)
    interrupt.abort(new Error(name))
  })
}

/** The reader went away, as `head` does, or the terminal was closed. */
const NOBODY_READS: readonly unknown[] = ['EPIPE', 'EIO']
/** Why somebody who reads did not get all of the output. */
let unwritten: Error | undefined
// Whatever becomes of the output, the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!NOBODY_READS.includes(error.code)) unwritten ??= error
  })
}
process.on('exit', () => {
  if (unwritten && !process.exitCode) {
    explain(new CommandError('cli/output', `Cannot write all of the output: ${unwritten.message}`))
  }
})

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  // Looked at only by those who ask: touching it opens it.
  get stdin() {
    return process.stdin
  },
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  exit: (code) => {
    process.exitCode = code
  },
}

const EXIT_CODES = `
Exit codes: 0 ok, 1 problems found, 2 wrong usage, 130 interrupted`

/** Only the room that is asked for is loaded, so \`mill check\` never pays for a terminal screen. */
const ROOMS = {
  build: async () => (await import('../build/cli.ts')).buildCommands(io),
  server: async () => (await import('../server/cli.ts')).serverCommands(io),
  client: async () => (await import('../client/cli.ts')).clientCommands(io),
} as const
const ROOM_OF: Readonly<Record<string, keyof typeof ROOMS>> = {
  check: 'build',
  build: 'build',
  budget: 'build',
  diff: 'build',
  explain: 'build',
  graph: 'build',
  new: 'build',
  serve: 'server',
  dev: 'server',
  publish: 'server',
  verify: 'server',
  channels: 'server',
  pin: 'server',
  unpin: 'server',
  promote: 'server',
  keygen: 'server',
  run: 'client',
  compare: 'client',
  runs: 'client',
  show: 'client',
  resume: 'client',
  doctor: 'client',
}

async function program(word: string | undefined): Promise<Command> {
  const room = word === undefined ? undefined : ROOM_OF[word]
  const rooms = room === undefined ? Object.values(ROOMS) : [ROOMS[room]]
  const mill = new Command('mill')
    .description('Compile, serve and run agent prompts and skills')
    .version(manifest.version)
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
  for (const commands of rooms) {
    for (const command of await commands()) {
      mill.addCommand(command.copyInheritedSettings(mill).addHelpText('after', EXIT_CODES))
    }
  }
  return mill
}

/** Troubles of the machine, which no stack explains. */
const OF_THE_MACHINE: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']

function explain(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
  } else if (error instanceof CommandError) {
    process.stderr.write(`error ${error.code}: ${error.message}\n`)
    process.exitCode = error.exit
  } else if (OF_THE_MACHINE.includes((error as NodeJS.ErrnoException)?.code)) {
    process.stderr.write(`error cli/machine: Cannot go on: ${(error as Error).message}\n`)
    process.exitCode = EXIT.problems
  } else {
    process.stderr.write(`This is a bug in mill, not in your content.\n${(error as Error)?.stack ?? error}\n`)
    process.exitCode = EXIT.problems
  }
}

try {
  const mill = await program(process.argv[2])
  await mill.parseAsync(process.argv)
} catch (error) {
  explain(error)
}
// A command that was told to stop has ended; whatever still runs in it was given up, and keeps nobody waiting.
if (interrupt.signal.aborted) setTimeout(() => process.exit(), ABANDONED_MS).unref()
