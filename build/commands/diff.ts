import { Command, Option } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { diffSurfaces } from '../diff/changes.ts'
import { diffMarkdown } from '../diff/markdown.ts'
import { diffText } from '../diff/text.ts'
import type { ReleaseDiff } from '../diff/words.ts'
import { contentOption } from './content.ts'
import { type DocumentFlags, documentOptions } from './documents.ts'
import { readSide } from './side.ts'

interface DiffOptions extends DocumentFlags {
  readonly content: string
  readonly store: string
  readonly format: 'text' | 'markdown' | 'json'
  readonly exitCode?: true
}

const HELP = `
Examples:
  $ mill diff main content
  $ mill diff main experiment/x --format markdown`

/** `mill diff`: what changes between two releases for those who read them. */
export function diffCommand(io: CliIo): Command {
  const command = new Command('diff')
    .description('Show what differs between two refs, releases or folders, in built artifacts')
    .argument(
      '<before>',
      'git ref, content folder, folder with a release, or a release in --store (6 digits or more)',
    )
    .argument('<after>', 'what it is compared with')
    .addOption(contentOption())
    .option('--store <dir>', 'store to look releases up in', '.mill/store')
    .addOption(
      new Option('--format <format>', 'for a terminal, a pull request comment, or programs')
        .choices(['text', 'markdown', 'json'])
        .default('text'),
    )
    .option('--exit-code', 'end with 1 when something differs')
    .addHelpText('after', HELP)
    .action((before: string, after: string, options: DiffOptions) => run(io, [before, after], options))
  for (const option of documentOptions()) command.addOption(option)
  return command
}

async function run(
  io: CliIo,
  [before, after]: readonly [string, string],
  options: DiffOptions,
): Promise<void> {
  const places = { content: options.content, store: options.store, flags: options }
  const old = await readSide(io, before, places)
  const now = await readSide(io, after, places)
  const surfaces = old.release === now.release ? [] : diffSurfaces(old.surfaces, now.surfaces)
  const diff: ReleaseDiff = { before: old.side, after: now.side, surfaces }
  const colours = io.stdout.isTTY === true && io.env.NO_COLOR === undefined
  const formats = {
    text: () => diffText(diff, { colours }),
    markdown: () => diffMarkdown(diff),
    json: () => `${JSON.stringify(diff)}\n`,
  }
  io.stdout.write(formats[options.format]())
  if (options.exitCode === true && old.release !== now.release) io.exit(EXIT.problems)
}
