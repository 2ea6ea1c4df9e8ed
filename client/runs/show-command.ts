import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { wallClock } from '../clock.ts'
import { painter, wantsColour } from '../tui/colour.ts'
import { findRun } from './find-run.ts'
import { readRun, runIds } from './read-runs.ts'
import { type RunView, runView } from './run-view.ts'
import { showJson } from './show-json.ts'
import { showMarkdown } from './show-markdown.ts'
import { showSvg } from './show-svg.ts'
import { showTerminal } from './show-terminal.ts'

const FORMATS = ['terminal', 'markdown', 'svg', 'json'] as const

interface Flags {
  readonly app: string
  readonly format: (typeof FORMATS)[number]
}

const EXAMPLES = `
Nothing is locked or changed: the run may be at work meanwhile.

Examples:
  $ mill show last
  $ mill show 3f2a --app ../my-app --format svg > run.svg`

/** `mill show`. */
export function showCommand(io: CliIo): Command {
  return new Command('show')
    .description('Show one run: who did what when, what it left, what it spent, and why it ended as it did')
    .argument('<run>', '"last", or how its id begins or ends')
    .option('--app <folder>', 'folder of the app', '.')
    .addOption(new Option('--format <format>', 'how it is drawn').choices(FORMATS).default('terminal'))
    .addHelpText('after', EXAMPLES)
    .action(async (word: string, { app, format }: Flags) => {
      const folder = resolve(io.cwd, app)
      const id = findRun(word, await runIds(folder))
      const record = await readRun(folder, id)
      if (record === undefined) throw noRun(id)
      io.stdout.write(drawn(runView(record, { app: folder, now: wallClock.now() }), format, io))
    })
}

function drawn(view: RunView, format: Flags['format'], { stdout, env }: CliIo): string {
  switch (format) {
    case 'terminal': {
      const paint = painter(wantsColour(env, stdout.isTTY === true))
      return showTerminal(view, { columns: Math.max(40, stdout.columns ?? 100), paint })
    }
    case 'markdown':
      return showMarkdown(view)
    case 'svg':
      return showSvg(view)
    case 'json':
      return showJson(view)
  }
}

function noRun(id: string): CommandError {
  return new CommandError('runs/foreign', `Cannot show "${id}": its folder holds no journal of a run`, {
    exit: EXIT.usage,
  })
}
