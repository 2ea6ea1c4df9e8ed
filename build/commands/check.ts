import { Command } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import type { Format } from '../report.ts'
import { buildContent, contentOption, formatOption, printFindings } from './content.ts'

/** `mill check`: every finding of a content tree, and nothing written. */
export function checkCommand(io: CliIo): Command {
  return new Command('check')
    .description('Check content and print every problem with its place')
    .addOption(contentOption())
    .addOption(formatOption())
    .addHelpText('after', '\nExample: mill check --content content --format github')
    .action(async (options: { readonly content: string; readonly format: Format }) => {
      const built = await buildContent(io, options.content)
      printFindings(io, built, options)
      io.exit(hasErrors(built.diagnostics) ? EXIT.problems : EXIT.ok)
    })
}
