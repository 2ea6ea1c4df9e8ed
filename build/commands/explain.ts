import { Command, Option } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { openBriefMemo } from '../brief-memo.ts'
import { explain } from '../explain/explain.ts'
import { explanationText } from '../explain/text.ts'
import { buildWhole } from '../pipeline.ts'
import { buildWithDocuments, contentOption, printFindings } from './content.ts'
import { type DocumentFlags, documentOptions } from './documents.ts'

interface ExplainOptions extends DocumentFlags {
  readonly content: string
  readonly format: 'text' | 'json'
}

const HELP = `
Examples:
  $ mill explain integration-init-nextjs
  $ mill explain integrate-posthog/build --format json`

/** `mill explain`: which file and line every line of an artifact comes from. */
export function explainCommand(io: CliIo): Command {
  const command = new Command('explain')
    .description('Show where each line of a skill or of an agent prompt comes from')
    .argument(
      '<name>',
      'id of a skill, or <flow>/<type> of an agent prompt; group or type where that is enough',
    )
    .addOption(contentOption())
    .addOption(
      new Option('--format <format>', 'for a terminal or for programs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action((name: string, options: ExplainOptions) => run(io, name, options))
  for (const option of documentOptions()) command.addOption(option)
  return command
}

async function run(io: CliIo, name: string, options: ExplainOptions): Promise<void> {
  const built = await buildWithDocuments(io, options.content, options)
  const explained = explain(name, buildWhole(built.tree, openBriefMemo()).resolved)
  if ('expected' in explained) {
    // What is broken is not served, so it may be what was asked for.
    if (hasErrors(built.diagnostics)) {
      printFindings({ ...io, stdout: io.stderr }, built, { format: 'pretty', content: options.content })
    }
    const message = `Cannot explain "${name}": expected ${explained.expected}`
    throw new CommandError('explain/unknown', message, { exit: EXIT.usage })
  }
  const { explanation } = explained
  io.stdout.write(
    options.format === 'json' ? `${JSON.stringify(explanation)}\n` : explanationText(explanation),
  )
}
