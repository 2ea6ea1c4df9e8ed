import { flushCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type DocumentFlags, documentOptions, fetchOptionsOf } from '../../build/commands/documents.ts'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { openJsonLog } from '../http/json-log.ts'
import { type ConsoleLog, openLog } from '../http/log.ts'
import type { Serving } from '../serve.ts'
import type { Seal } from '../signing/pointer.ts'
import { keepHeapsThrifty } from '../source/thrifty-heap.ts'
import { isSealed, type SealFlags, sealOf, sealOptions } from './seal-options.ts'
import { storeOption } from './store-place.ts'

interface Flags extends DocumentFlags, SealFlags {
  readonly content: string
  readonly port: number
  readonly root?: string
  readonly store?: string
  readonly keep?: number
  readonly log: 'plain' | 'json'
  readonly logRequests?: boolean
}

/** `mill serve` and `mill dev`. */
export function serveCommands(io: CliIo): Command[] {
  return [
    command('serve', 'Serve the releases of a content folder and its git branches on this machine')
      .addHelpText('after', SERVE_HELP)
      .action((flags: Flags) => run(io, flags, false)),
    command('dev', 'Serve like "mill serve", and rebuild the channel dev whenever content is saved')
      .addHelpText('after', DEV_HELP)
      .action((flags: Flags) => run(io, flags, true)),
  ]
}

const CHANNELS_HELP = `
Channels:
  dev            the content folder as it is on disk, committed or not
  main           the repository's default branch
  experiment-x   branch experiment/x, and so for every experiment/*
  Each answers at /channels/<name>/, its state at /channels/<name>. Outside git there is only dev.`

const SERVE_HELP = `${CHANNELS_HELP}
  The channel at / is main, or dev where there is no branch to serve.

Examples:
  $ mill serve
  $ mill serve --content my-content --port 9000
  $ mill serve --root experiment-x`

const DEV_HELP = `${CHANNELS_HELP}
  The channel at / is dev. Content with errors never replaces content without: the last good release stays.

Examples:
  $ mill dev
  $ mill dev --content my-content --port 0
  $ curl http://localhost:8765/channels`

function command(name: string, description: string): Command {
  const command = new Command(name)
    .description(description)
    .option('--content <dir>', 'content folder', 'content')
    .option('--port <n>', 'port on 127.0.0.1 and ::1; 0 takes any free one', parsePort, 8765)
    .option('--root <channel>', 'channel that answers at /')
    .addOption(storeOption())
    .option('--keep <n>', 'releases that each channel keeps (default: 20)', parseKeep)
    .addOption(
      new Option('--log <form>', 'lines for people or for programs')
        .choices(['plain', 'json'])
        .default('plain'),
    )
    .option(
      '--log-requests',
      'log requests in plain lines too: method, path and status, never a query or a header',
    )
  for (const option of [...sealOptions(), ...documentOptions()]) command.addOption(option)
  return command
}

function parsePort(value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new InvalidArgumentError(`Cannot use port "${value}": expected a number from 0 to 65535`)
}

function parseKeep(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value)
  throw new InvalidArgumentError(`Cannot keep "${value}" releases: expected a number from 1`)
}

async function run(io: CliIo, flags: Flags, watch: boolean): Promise<void> {
  keepHeapsThrifty()
  const log = openLogFor(io, flags)
  const seal = isSealed(flags) ? await sealOf(io, flags) : undefined
  const serving = await start(io, flags, { watch, log, seal }).catch((error: unknown) => {
    if (!io.signal.aborted) throw error
  })
  if (serving !== undefined) {
    log.ready(serving)
    // Who ends a server by force would lose it.
    flushCompileCache()
    await aborted(io.signal)
    await serving.close()
  }
  io.exit(EXIT.interrupted)
}

function openLogFor(io: CliIo, flags: Flags): ConsoleLog {
  if (flags.log === 'json') return openJsonLog({ stdout: io.stdout, now: () => new Date() })
  return openLog({
    stdout: io.stdout,
    stderr: io.stderr,
    root: flags.content,
    colours: io.stderr.isTTY === true && io.env.NO_COLOR === undefined,
    requests: flags.logRequests === true,
  })
}

interface Manner {
  readonly watch: boolean
  readonly log: ConsoleLog
  readonly seal: Seal | undefined
}

async function start(io: CliIo, flags: Flags, { watch, log, seal }: Manner): Promise<Serving> {
  // Loaded when heaps are thrifty already, and by nobody who only asks for help.
  const { serve } = await import('../serve.ts')
  const { signal, ...documents } = fetchOptionsOf(io, flags)
  return await serve({
    content: resolve(io.cwd, flags.content),
    port: flags.port,
    root: flags.root,
    store: flags.store === undefined ? undefined : resolve(io.cwd, flags.store),
    keep: flags.keep,
    watch,
    documents,
    signal: io.signal,
    env: io.env,
    now: () => new Date(),
    seal,
    log,
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}
