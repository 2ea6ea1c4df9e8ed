import { Command, Option } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { flowTasks, graphAscii, graphMermaid } from '../graph.ts'
import { buildContent, contentOption, printFindings } from './content.ts'

interface GraphOptions {
  readonly content: string
  readonly format: 'ascii' | 'mermaid'
}

/** `mill graph`: which task of a flow waits for which. */
export function graphCommand(io: CliIo): Command {
  return new Command('graph')
    .description('Show the tasks of a flow in waves, with the models and tools of each')
    .argument('[flow]', 'flow to show; all of them when left out')
    .addOption(contentOption())
    .addOption(
      new Option('--format <format>', 'how the graph is drawn')
        .choices(['ascii', 'mermaid'])
        .default('ascii'),
    )
    .addHelpText('after', '\nExample: mill graph integrate-posthog --format mermaid')
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
      const draw = options.format === 'mermaid' ? graphMermaid : graphAscii
      io.stdout.write(shown.map(draw).join('\n'))
    })
}
