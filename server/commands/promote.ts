import { Command } from 'commander'
import { readPointer } from '../../build/publish.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { knownChannel } from './known-channel.ts'
import { steer } from './steer.ts'
import { findStore, type StoreFlags, storeOption } from './store-place.ts'

const HELP = `
The second channel is pinned to what the first one answers with now, and notes where that came from. It does not follow
the first one afterwards; "mill unpin <to>" gives it its own builds again. A release that gives its agents tools beyond
the ceiling of the second channel is refused, and a server does not answer with it either.

Examples:
  $ mill promote experiment-shorter-prompts main
  $ mill unpin main`

/** `mill promote`: one channel answers what another one answers now. */
export function promoteCommand(io: CliIo): Command {
  return new Command('promote')
    .description('Let one channel answer with what another one answers with now')
    .argument('<from>', 'channel whose release is taken')
    .argument('<to>', 'channel that is pinned to it')
    .addOption(storeOption())
    .addHelpText('after', HELP)
    .action((from: string, to: string, flags: StoreFlags) => run(io, [from, to], flags))
}

async function run(io: CliIo, names: readonly [string, string], flags: StoreFlags): Promise<void> {
  const store = await findStore(io, flags)
  const from = await knownChannel(store, names[0])
  const channel = await knownChannel(store, names[1])
  if (from === channel) {
    const message = `Cannot promote channel "${from}" to itself: expected two channels; mill pin keeps it where it is`
    throw new CommandError('promote/same', message, { exit: EXIT.usage })
  }
  const pointer = await readPointer(store, from)
  if (pointer === undefined) {
    const message = `Cannot promote channel "${from}": nothing was published to it, expected a channel with a release`
    throw new CommandError('promote/empty', message)
  }
  await steer(io, { store, channel, to: { release: pointer.release, from } })
}
