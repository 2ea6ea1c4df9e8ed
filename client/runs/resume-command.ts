import { resolve } from 'node:path'
import { Command } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { isHarnessName } from '../harness/harnesses.ts'
import {
  DEFAULT_BASE,
  gathered,
  parseBase,
  parseModel,
  positiveNumber,
  type RunFlags,
  wholeNumber,
} from '../option-values.ts'
import { withTelemetryOptions } from '../telemetry/options.ts'
import { findRun } from './find-run.ts'
import { readRun, runIds } from './read-runs.ts'
import { type RunRecord, whyNotResumable } from './run-record.ts'

type Flags = Partial<
  Pick<
    RunFlags,
    | 'base'
    | 'concurrency'
    | 'maxUsd'
    | 'maxMinutes'
    | 'models'
    | 'env'
    | 'askTimeout'
    | 'telemetry'
    | 'telemetryPosthog'
    | 'telemetryOtlp'
  >
> &
  Pick<RunFlags, 'json'>

/** Runs an app as `mill run` does. */
export type StartRun = (app: string, flags: RunFlags) => Promise<void>

const EXAMPLES = `
Whatever is not said here is as it was when the run began. Nothing finished runs twice.

Examples:
  $ mill resume
  $ mill resume ../my-app 3f2a --max-usd 5`

/** `mill resume`. */
export function resumeCommand(io: CliIo, start: StartRun): Command {
  const command = new Command('resume')
    .description('Go on with a run that was interrupted or stopped, in the way it was begun')
    .argument('[app]', 'folder of the app', '.')
    .argument('[run]', 'how its id begins or ends; else the newest that can be resumed')
    .option('--base <url>', 'server, or one channel of it', parseBase)
    .option('--concurrency <n>', 'tasks at the same time, 1 to 64', wholeNumber(64))
    .option(
      '--max-usd <n>',
      'stop the run when it has spent so much, before included',
      positiveNumber(10_000),
    )
    .option('--max-minutes <n>', 'stop the run when it has taken so long from now on', positiveNumber(10_000))
    .option('--model <id>', 'run every prompt with this model from now on', parseModel)
    .option('--models <file>', 'JSON: which models may run, what stands in for them, what they cost')
    .option('--env <KEY[=value]>', 'a value for the app, as with `mill run`: none is kept', gathered)
    .option('--ask-timeout <s>', 'how long a question of an agent waits for you', wholeNumber(3600))
    .option('--json', 'print each event, and last the result, as one line of JSON', false)
  return withTelemetryOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (app: string, word: string | undefined, flags: Flags) => {
      const folder = resolve(io.cwd, app)
      await start(folder, flagsFor(await wanted(folder, word), flags))
    })
}

async function wanted(app: string, word: string | undefined): Promise<RunRecord> {
  const ids = await runIds(app)
  if (word !== undefined) {
    const found = await resumable(app, findRun(word, ids))
    if ('why' in found) throw refused(found.id, found.why)
    return found
  }
  const reasons: string[] = []
  for (const id of ids.reverse()) {
    const found = await resumable(app, id)
    if (!('why' in found)) return found
    reasons.push(`${id}: ${found.why}`)
  }
  throw nothing(app, reasons)
}

/** The run, or why it cannot be resumed. */
async function resumable(app: string, id: string): Promise<RunRecord | { id: string; why: string }> {
  const record = await readRun(app, id)
  if (record === undefined) return { id, why: 'its folder holds no journal of a run' }
  const why = whyNotResumable(record)
  return why === null ? record : { id, why }
}

/** What the run was asked for, and above it what is asked for now. */
function flagsFor({ id, queue, options }: RunRecord, flags: Flags): RunFlags {
  const { started, spent } = queue
  const { version, pid, disclosure, ...asked } = options ?? {
    ...{ version: 1, pid: 1, disclosure: '', base: DEFAULT_BASE, maxTasks: 30 },
    flow: started?.flow ?? '',
    harness: started?.harness ?? '',
    concurrency: started?.concurrency ?? 1,
  }
  const all = { ...asked, ...flags }
  if (!isHarnessName(all.harness)) throw refused(id, `there is no harness "${all.harness}" any more`)
  if (all.maxUsd !== undefined && spent.usd >= all.maxUsd) {
    const why = `it has spent $${spent.usd.toFixed(4)}, and $${all.maxUsd} is its limit. Give it more with --max-usd`
    throw refused(id, why)
  }
  return { ...all, harness: all.harness, resume: true, run: id }
}

function refused(id: string, why: string): CommandError {
  return new CommandError('run/not-resumable', `Cannot resume run "${id}": ${why}`, { exit: EXIT.usage })
}

function nothing(app: string, reasons: readonly string[]): CommandError {
  const seen = reasons.length === 0 ? 'it has no runs' : reasons.slice(0, 3).join('; ')
  return new CommandError('run/nothing-to-resume', `Cannot resume a run in "${app}": ${seen}`, {
    exit: EXIT.usage,
  })
}
