import { relative, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { type CliIo, CommandError, EXIT } from '../schemas/cli.ts'
import { type AskedOptions, askedOptionsSchema } from '../schemas/run-options.ts'
import { type BootstrapOptions, bootstrap } from './bootstrap/bootstrap.ts'
import { readUserFolders } from './bootstrap/config.ts'
import type { OpenTrust } from './bootstrap/open-trust.ts'
import { wallClock } from './clock.ts'
import { compareCommand } from './compare/command.ts'
import { readModelAccess, readTelemetryConfig } from './config.ts'
import { detect } from './detect/detect.ts'
import { doctorCommand } from './doctor/command.ts'
import type { Face } from './face.ts'
import { fence } from './fence.ts'
import { flagOfRun } from './flags/flag-of-run.ts'
import { HARNESS_NAMES, type HarnessName, harnessNamed, isHarnessName } from './harness/harnesses.ts'
import { readModelsFile } from './models/models-file.ts'
import {
  DEFAULT_BASE,
  gathered,
  parseBase,
  parseFlow,
  parseModel,
  parseSequence,
  positiveNumber,
  type RunFlags,
  wholeNumber,
} from './option-values.ts'
import { type RunResult, run } from './run.ts'
import { resumeCommand } from './runs/resume-command.ts'
import { runsCommand } from './runs/runs-command.ts'
import { showCommand } from './runs/show-command.ts'
import type { RunOptions, World } from './session.ts'
import { configuredTelemetry } from './telemetry/configured.ts'
import { withTelemetryOptions } from './telemetry/options.ts'
import type { Asker } from './tools/ask/asker.ts'
import { readGiven } from './tools/env/given-values.ts'
import { screenFor } from './tui/screen.ts'
import type { RunTitle } from './tui/title.ts'

const EXAMPLES = `
With --key, nothing is believed but what the key vouches for: the pointer of the channel, which names a release, whose
name is the digest of an index of digests. The serial never goes back (remembered in $XDG_STATE_HOME/mill, else
~/.local/state/mill) and an expired pointer is refused. While the server does not answer, a run begins with what earlier
ones fetched (in $XDG_CACHE_HOME/mill, else ~/.cache/mill), until the pointer expires.

Examples:
  $ mill run ../my-app --flow integrate-posthog --concurrency 2
  $ mill run ../my-app --flow integrate-posthog --base ${DEFAULT_BASE}/channels/experiment-x
  $ mill run ../my-app --flow integrate-posthog --base ${DEFAULT_BASE}/channels/main --key mill-signing-key.pub
  $ mill run ../my-app --flow integrate-posthog --resume`

/** `mill run`, and the commands around runs. */
export function clientCommands(io: CliIo): Command[] {
  const command = new Command('run')
    .description('Run a flow on an app: plan, work through the queue, report')
    .argument('<app>', 'folder of the app')
    .requiredOption('--flow <flow>', 'which flow to run', parseFlow)
    .option('--base <url>', 'server, or one channel of it', parseBase, DEFAULT_BASE)
    .option(
      '--key <key>',
      'public key that the channel must be signed with: its line, or the file that holds it',
    )
    .option('--harness <name>', `what runs the agents: ${HARNESS_NAMES.join(', ')}`, parseHarness, 'embedded')
    .option(
      '--model-url <url>',
      'with "ai": an endpoint that speaks as OpenAI does, for all models',
      parseBase,
    )
    .option('--concurrency <n>', 'tasks at the same time, 1 to 64', wholeNumber(64), 1)
    .option('--max-tasks <n>', 'tasks the queue may hold, 1 to 100000', wholeNumber(100_000), 30)
    .option('--max-usd <n>', 'stop the run when it has spent so much', positiveNumber(10_000))
    .option('--max-minutes <n>', 'stop the run when it has taken so long', positiveNumber(10_000))
    .option('--model <id>', 'run every prompt with this model, whatever it names', parseModel)
    .option('--models <file>', 'JSON: which models may run, what stands in for them, what they cost')
    .option(
      '--sequence <name>',
      'orchestrator: as tasks; linear: by one agent with one prompt',
      parseSequence,
    )
    .option('--flags <file>', 'JSON of flags; "wizard-orchestrator" chooses the sequence')
    .option(
      '--env <KEY[=value]>',
      'a value for the app, which agents set but never see; KEY alone is taken from the environment',
      gathered,
    )
    .option('--ask-timeout <s>', 'how long a question of an agent waits for you', wholeNumber(3600), 60)
    .option('--resume', 'go on with the newest unfinished run of the flow', false)
    .option('--json', 'print each event, and last the result, as one line of JSON', false)
  withTelemetryOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((app: string, flags: RunFlags) => runCommand(resolve(io.cwd, app), flags, io))
  return [
    command,
    resumeCommand(io, (app, flags) => runCommand(app, flags, io)),
    runsCommand(io),
    showCommand(io),
    compareCommand(io),
    doctorCommand(io, { defaultBase: DEFAULT_BASE, parse: parseBase }),
  ]
}

/** The wait began when the process did, not when all was loaded. */
const launchedAt = Math.round(performance.timeOrigin)

async function runCommand(app: string, flags: RunFlags, io: CliIo): Promise<void> {
  assertAsked(flags)
  const { json, harness, modelUrl, telemetry, models: _, flags: flagsFile, env, ...rest } = flags
  const limits = limitsOf(flags)
  const chosen = await modelsOf(flags, io.cwd)
  const trust = await trustOf(flags, io)
  const flag = await flagOfRun({ app, file: flagsFile, cwd: io.cwd, env: io.env })
  const losses: string[] = []
  const told = configuredTelemetry({
    ...{ flags, config: readTelemetryConfig(io.env), cwd: io.cwd, app },
    onLoss: (loss) => void losses.push(loss),
  })
  const onInterrupt = () => process.kill(process.pid, 'SIGINT')
  const { face, asker } = await screenFor(io, { json, launchedAt, limits, onInterrupt })
  const faces = (title: RunTitle): readonly Face[] => [face(title), ...told]
  try {
    const access = readModelAccess(io.env)
    const made = await harnessNamed(harness, { access, ...(modelUrl === undefined ? {} : { modelUrl }) })
    const result = await run(
      {
        ...rest,
        ...chosen,
        asked: { ...askedOf(flags), ...chosen, ...(trust && { key: trust.line }) },
        limits,
        launchedAt,
        app,
        harness: made,
        given: readGiven(env, io.env),
        ...askingOf(flags, asker),
        faces,
        flag,
        signal: io.signal,
      },
      realWorld(trust),
    )
    io.stdout.write(
      json
        ? `${JSON.stringify(resultLine(result))}\n`
        : farewell(result, relative(io.cwd, app), io.stdout.columns),
    )
    io.exit({ succeeded: EXIT.ok, failed: EXIT.problems, cancelled: EXIT.interrupted }[result.verdict])
  } catch (error) {
    if (!io.signal.aborted || isRunTrouble(error)) throw error
    io.exit(EXIT.interrupted)
  } finally {
    // While the run is at work, the terminal belongs to its screen.
    for (const loss of losses) io.stderr.write(`note: ${loss}\n`)
  }
}

/** An endpoint that nobody would ask is a mistake, and one of those that cost money. */
function assertAsked({ harness, modelUrl }: RunFlags): void {
  if (modelUrl === undefined || harness === 'ai') return
  const why = `harness "${harness}" asks no endpoint that is named, expected --harness ai`
  throw new CommandError('run/model-url', `Cannot use --model-url "${modelUrl}": ${why}`, {
    exit: EXIT.usage,
  })
}

/** What is said of models: the file, and above it the one that is to run everything. */
async function modelsOf({ models, model }: RunFlags, cwd: string): Promise<Pick<RunOptions, 'models'>> {
  if (models === undefined && model === undefined) return {}
  const said = typeof models === 'string' ? await readModelsFile(resolve(cwd, models)) : models
  return { models: { ...said, ...(model === undefined ? {} : { only: model }) } }
}

function limitsOf({ maxUsd, maxMinutes }: RunFlags): RunOptions['limits'] {
  return {
    ...(maxUsd === undefined ? {} : { maxUsd }),
    ...(maxMinutes === undefined ? {} : { maxMs: maxMinutes * 60_000 }),
  }
}

function askingOf({ askTimeout }: RunFlags, asker: Asker | undefined): Partial<RunOptions> {
  return {
    ...(asker && { asker }),
    ...(askTimeout === undefined ? {} : { askTimeoutMs: askTimeout * 1000 }),
  }
}

/** What is needed to go on with the run later. */
function askedOf({ models: _, ...others }: RunFlags): AskedOptions {
  return askedOptionsSchema.parse(others)
}

/** An interruption explains most errors, but not a journal that can no longer be written. */
function isRunTrouble(error: unknown): boolean {
  return error instanceof CommandError && error.code === 'run/journal-unwritable'
}

/** Holds the server to a key, where one is given; what keys have signed before is remembered for the user. */
async function trustOf({ key }: RunFlags, io: CliIo): Promise<OpenTrust | undefined> {
  if (key === undefined) return undefined
  const { openTrust } = await import('./bootstrap/open-trust.ts')
  const notice = (sentence: string) => void io.stderr.write(`note: ${sentence}\n`)
  return openTrust({ key, cwd: io.cwd, folders: readUserFolders(io.env), now: wallClock.now, notice })
}

function realWorld(trust: OpenTrust | undefined): World {
  const held = {
    bootstrap: (options: BootstrapOptions) => bootstrap({ ...options, ...(trust && { trust }) }),
  }
  return { detect, ...held, fence, clock: wallClock, random: Math.random }
}

function resultLine({ verdict, reasons, run: id, folder, tasks, responsiveness }: RunResult): object {
  return { e: 'result', verdict, reasons, run: id, folder, tasks, responsiveness }
}

function farewell(result: RunResult, app: string, columns?: number): string {
  const { reportIn, folder, run: id, resumable } = result
  const where = app === '' ? '' : ` --app ${app}`
  const lines = [
    `\n${reportIn(columns ?? Infinity)}`,
    `Run folder: ${folder}`,
    `Look at it again: mill show ${id.slice(-4)}${where}`,
    ...(resumable ? [`Go on with it: mill resume ${app || '.'} ${id.slice(-4)}`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function parseHarness(text: string): HarnessName {
  if (isHarnessName(text)) return text
  throw new InvalidArgumentError(`expected one of ${HARNESS_NAMES.join(', ')}`)
}
