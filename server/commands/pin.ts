import { Command } from 'commander'
import { readChannel } from '../../build/publish/channel-state.ts'
import type { CliIo } from '../../schemas/cli.ts'
import { knownChannel } from './known-channel.ts'
import { namedRelease } from './named-release.ts'
import { steer } from './steer.ts'
import { findStore, type StoreFlags, storeOption } from './store-place.ts'

const HELP = `
The channel answers with that release until "mill unpin <channel>". What is built for it meanwhile is kept and shown, not
served. A running server follows within a second, and so does the next one that starts. The serial rises, so readers
that refuse to step back follow too.

A release is named by its first digits, as mill channels shows them, or by how many steps it lies back.

Examples:
  $ mill pin main -1
  $ mill pin main 4f1c2a9b
  $ mill unpin main`

/** `mill pin`: rolls a channel back. */
export function pinCommand(io: CliIo): Command {
  return new Command('pin')
    .description('Roll a channel back: it answers with one release until it is unpinned')
    .argument('<channel>', 'channel of the store')
    .argument('<release>', 'release of the store: its first digits, or -1 for the one before')
    .addOption(storeOption())
    .addHelpText('after', HELP)
    .action(async (name: string, named: string, flags: StoreFlags) => {
      const store = await findStore(io, flags)
      const channel = await knownChannel(store, name)
      const release = await namedRelease(store, await readChannel(store, channel), named)
      await steer(io, { store, channel, to: { release, from: null } })
    })
}
