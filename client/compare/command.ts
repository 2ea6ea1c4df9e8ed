import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { DEFAULT_BASE, parseBase } from '../option-values.ts'
import { painter, wantsColour } from '../tui/colour.ts'
import type { LeftOut, Told } from './as-json.ts'
import type { MeasuredRun } from './measured-run.ts'

const FORMATS = ['terminal', 'markdown', 'json', 'svg'] as const

interface Flags {
  readonly app: string
  readonly experiment?: string
  readonly base: string
  readonly format: (typeof FORMATS)[number]
}

const EXAMPLES = `
Runs are folders of runs, apps, patterns for either, or ids; without any: all runs of the app.
Linear runs are compared with orchestrated ones, and channels with the first one. Nothing is locked or changed.

Examples:
  $ mill compare '../apps/*'
  $ mill compare --app ../my-app 3f2a 9c01
  $ mill compare --experiment shorter-prompts ../my-app --format svg > comparison.svg`

/** `mill compare`. */
export function compareCommand(io: CliIo): Command {
  return new Command('compare')
    .description('Compare runs: orchestrator with linear, channel with channel')
    .argument('[runs...]', 'which runs')
    .option('--app <folder>', 'app whose runs are meant by ids', '.')
    .option('--experiment <name>', 'only runs on the channels of its arms, the control first')
    .option('--base <url>', 'server that knows the experiment', parseBase, DEFAULT_BASE)
    .addOption(
      new Option('--format <format>', 'for people, pages, programs, or as a picture')
        .choices(FORMATS)
        .default('terminal'),
    )
    .addHelpText('after', EXAMPLES)
    .action((words: string[], flags: Flags) => compare(words, flags, io))
}

async function compare(words: readonly string[], flags: Flags, io: CliIo): Promise<void> {
  const { experiment, base } = flags
  const [{ armsOf }, { findRuns }, { measured }, { compared }] = await Promise.all([
    import('./arms.ts'),
    import('./find-runs.ts'),
    import('./measured-run.ts'),
    import('./comparison.ts'),
  ])
  const arms = experiment === undefined ? undefined : await armsOf({ experiment, base, signal: io.signal })
  const { records, foreign } = await findRuns({ words, app: resolve(io.cwd, flags.app), cwd: io.cwd })
  const leftOut: LeftOut[] = foreign.map((run) => ({ run, why: 'it holds no journal of a run' }))
  const runs: MeasuredRun[] = []
  for (const record of records) {
    const found = measured(record)
    const why = 'why' in found ? found.why : strangerTo(arms, found)
    if (why !== undefined) leftOut.push({ run: record.id, why })
    else if (!('why' in found)) runs.push(found)
  }
  if (runs.length === 0) throw nothingLeft(leftOut)
  const flows = compared(runs, arms)
  io.stdout.write(await rendered({ experiment: experiment ?? null, flows, leftOut }, flags, io))
  if (flags.format !== 'json')
    io.stderr.write(leftOut.map(({ run, why }) => `Left out: ${run}, ${why}\n`).join(''))
}

function strangerTo(arms: readonly string[] | undefined, { channel }: MeasuredRun): string | undefined {
  if (!arms || (channel !== null && arms.includes(channel))) return undefined
  return channel === null ? 'no server told its channel' : `channel "${channel}" is no arm of the experiment`
}

async function rendered(told: Told, { format }: Flags, io: CliIo): Promise<string> {
  if (format === 'json') return (await import('./as-json.ts')).asJson(told)
  if (format === 'svg') return (await import('./as-svg.ts')).asSvg(told)
  const { asMarkdown, asTable } = await import('./as-text.ts')
  if (format === 'markdown') return asMarkdown(told.flows)
  const paint = painter(wantsColour(io.env, io.stdout.isTTY === true))
  return asTable(told.flows, { paint, columns: io.stdout.columns ?? Infinity })
}

function nothingLeft(leftOut: readonly LeftOut[]): CommandError {
  const why = leftOut.slice(0, 3).map(({ run, why: reason }) => `${run}: ${reason}`)
  const more = leftOut.length > 3 ? `; and ${leftOut.length - 3} more` : ''
  const there = why.length === 0 ? 'there are none' : why.join('; ') + more
  return new CommandError(
    'compare/nothing',
    `Cannot compare runs: expected some that came to their end, but ${there}`,
    {
      exit: EXIT.usage,
    },
  )
}
