import { Command } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import type { Format } from '../report.ts'
import { buildWithDocuments, contentOption, formatOption, printFindings } from './content.ts'
import { type DocumentFlags, documentOptions } from './documents.ts'

interface CheckOptions extends DocumentFlags {
  readonly content: string
  readonly format: Format
}

/** `mill check`: every finding of a content tree, and nothing written. */
export function checkCommand(io: CliIo): Command {
  const command = new Command('check')
    .description('Check content and print every problem with its place')
    .addOption(contentOption())
    .addOption(formatOption())
    .addHelpText('after', '\nExample: mill check --content content --format github')
    .action(async (options: CheckOptions) => {
      const built = await buildWithDocuments(io, options.content, options)
      printFindings(io, built, options)
      io.exit(hasErrors(built.diagnostics) ? EXIT.problems : EXIT.ok)
    })
  for (const option of documentOptions()) command.addOption(option)
  return command
}
