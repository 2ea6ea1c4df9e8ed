import { Command, Option } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { graphAscii } from '../graph/ascii.ts'
import { flowTasks } from '../graph/flow.ts'
import { graphMermaid } from '../graph/mermaid.ts'
import { graphSvg } from '../graph/svg.ts'
import { buildContent, contentOption, printFindings } from './content.ts'

interface GraphOptions {
  readonly content: string
  readonly format: keyof typeof DRAWINGS
}

const DRAWINGS = { ascii: graphAscii, mermaid: graphMermaid, svg: graphSvg }

const HELP = `
The cost of a path is the tokens its tasks start with, each times the tier of its dearest model: 1 small, 2 middling,
3 large, by the words in its name.

Examples:
  $ mill graph integrate-posthog
  $ mill graph integrate-posthog --format svg > flow.svg`

/** `mill graph`: which task of a flow waits for which. */
export function graphCommand(io: CliIo): Command {
  return new Command('graph')
    .description('Show the tasks of a flow in waves, with models, tools, and what the longest path costs')
    .argument('[flow]', 'flow to show; all of them when left out')
    .addOption(contentOption())
    .addOption(
      new Option('--format <format>', 'how the graph is drawn')
        .choices(Object.keys(DRAWINGS))
        .default('ascii'),
    )
    .addHelpText('after', HELP)
    .action(async (flow: string | undefined, options: GraphOptions) => {
      const built = await buildContent(io, options.content)
      if (hasErrors(built.diagnostics)) {
        printFindings({ ...io, stdout: io.stderr }, built, { format: 'pretty', content: options.content })
        io.exit(EXIT.problems)
      }
      const flows = built.release === undefined ? [] : flowTasks(built.release)
      const shown = flows.filter(({ name }) => flow === undefined || name === flow)
      if (shown.length === 0) {
        const known = flows.map(({ name }) => name).join(', ') || 'a sound flow in agents/'
        throw new CommandError(
          'graph/unknown-flow',
          `Cannot show the flow "${flow ?? ''}": expected ${known}`,
          {
            exit: EXIT.usage,
          },
        )
      }
      if (options.format === 'svg' && shown.length > 1) throw manyPictures(shown.map(({ name }) => name))
      io.stdout.write(shown.map(DRAWINGS[options.format]).join('\n'))
    })
}

function manyPictures(flows: readonly string[]): CommandError {
  const message = `Cannot draw ${flows.length} flows in one picture: expected one of ${flows.join(', ')}`
  return new CommandError('graph/one-flow', message, { exit: EXIT.usage })
}
