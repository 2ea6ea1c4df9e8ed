import { Command } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { buildWithDocuments, contentOption, formatOption, printFindings } from './content.ts'
import { documentOptions } from './documents.ts'
import { keepChecking, type WatchOptions } from './keep-checking.ts'

interface CheckOptions extends WatchOptions {
  readonly watch?: true
}

/** `mill check`: every finding of a content tree, and nothing written. */
export function checkCommand(io: CliIo): Command {
  const command = new Command('check')
    .description('Check content and print every problem with its place')
    .addOption(contentOption())
    .addOption(formatOption())
    .option('--watch', 'check again after every change, until Ctrl-C')
    .addHelpText(
      'after',
      '\nExample: mill check --content content --format github\n         mill check --watch',
    )
    .action(async (options: CheckOptions) => {
      if (options.watch === true) return await keepChecking(io, options)
      const built = await buildWithDocuments(io, options.content, options)
      printFindings(io, built, options)
      io.exit(hasErrors(built.diagnostics) ? EXIT.problems : EXIT.ok)
    })
  for (const option of documentOptions()) command.addOption(option)
  return command
}
