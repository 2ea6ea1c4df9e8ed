import { Command, Option } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { readChannelCeiling } from './channel-ceiling.ts'
import { checkLinks } from './check-links.ts'
import { buildWithDocuments, contentOption, formatOption, printFindings } from './content.ts'
import { documentOptions } from './documents.ts'
import { keepChecking, type WatchOptions } from './keep-checking.ts'
import { recordBaseline } from './record-baseline.ts'

interface CheckOptions extends WatchOptions {
  readonly watch?: true
  readonly writeBaseline?: true
  readonly links?: true
}

const HELP = `
Examples:
  $ mill check --content my-content --format github
  $ mill check --watch
  $ mill check --write-baseline
  $ mill check --channel experiment-x --ceiling ../main/content/ceiling.yaml`

/** `mill check`: every finding of a content tree, and nothing written. */
export function checkCommand(io: CliIo): Command {
  const command = new Command('check')
    .description('Check content and print every problem with its place')
    .addOption(contentOption())
    .addOption(formatOption())
    .option('--watch', 'check again after every change, until Ctrl-C')
    .addOption(writeBaselineOption())
    .addOption(linksOption())
    .addOption(channelOption())
    .addOption(ceilingOption())
    .addHelpText('after', HELP)
    .action(async (options: CheckOptions) => {
      if (options.watch === true) return await keepChecking(io, options)
      if (options.writeBaseline === true) return await recordBaseline(io, options)
      if (options.links === true) return await checkLinks(io, options)
      const toolCeiling = await readChannelCeiling(io, options)
      const built = await buildWithDocuments(io, options.content, { ...options, toolCeiling })
      printFindings(io, built, options)
      io.exit(hasErrors(built.diagnostics) ? EXIT.problems : EXIT.ok)
    })
  for (const option of documentOptions()) command.addOption(option)
  return command
}

function writeBaselineOption(): Option {
  return new Option(
    '--write-baseline',
    'list the findings that are there in content.baseline.json: from then on only new ones count, for mill build too',
  ).conflicts('watch')
}

function linksOption(): Option {
  return new Option(
    '--links',
    'ask every external link, and record those that do not answer in content.links.json: later checks and builds warn of them without asking',
  ).conflicts(['watch', 'writeBaseline', 'offline'])
}

function channelOption(): Option {
  const words = 'check as this channel: its agents and skills get no tool beyond --ceiling'
  return new Option('--channel <name>', words)
}

function ceilingOption(): Option {
  const words = 'ceiling.yaml of the default branch (default: the one in the content folder)'
  return new Option('--ceiling <file>', words)
}
