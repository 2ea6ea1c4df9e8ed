import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { CliIo } from '../../schemas/cli.ts'
import { wallClock } from '../clock.ts'
import { painter, wantsColour } from '../tui/colour.ts'
import { readRun, runIds } from './read-runs.ts'
import { summaryOf } from './run-record.ts'
import { runsTable } from './runs-table.ts'

interface Flags {
  readonly format: 'table' | 'json'
}

const EXAMPLES = `
Nothing is locked or changed: a run may be at work meanwhile.

Examples:
  $ mill runs
  $ mill runs ../my-app --format json`

/** `mill runs`. */
export function runsCommand(io: CliIo): Command {
  return new Command('runs')
    .description('List the runs of an app: what came of them, when, how long, what they spent')
    .argument('[app]', 'folder of the app', '.')
    .addOption(
      new Option('--format <format>', 'for people or programs').choices(['table', 'json']).default('table'),
    )
    .addHelpText('after', EXAMPLES)
    .action((app: string, { format }: Flags) => list(resolve(io.cwd, app), format, io))
}

async function list(app: string, format: Flags['format'], io: CliIo): Promise<void> {
  const now = wallClock.now()
  const summaries = []
  const foreign: string[] = []
  for (const id of (await runIds(app)).reverse()) {
    const record = await readRun(app, id)
    if (record === undefined) foreign.push(id)
    else summaries.push(summaryOf(record, now))
  }
  if (format === 'json') {
    io.stdout.write(`${JSON.stringify({ app, runs: summaries }, null, 2)}\n`)
    return
  }
  const paint = painter(wantsColour(io.env, io.stdout.isTTY === true))
  const columns = io.stdout.columns ?? 120
  io.stdout.write(
    summaries.length === 0
      ? `No runs in ${app}\n`
      : `${runsTable(summaries, { columns, paint }).join('\n')}\n`,
  )
  if (foreign.length > 0) io.stderr.write(`Not a run, and left alone: ${foreign.join(', ')}\n`)
}
