import { Command } from 'commander'
import type { CliIo } from '../../schemas/cli.ts'
import { knownChannel } from './known-channel.ts'
import { steer } from './steer.ts'
import { findStore, type StoreFlags, storeOption } from './store-place.ts'

const HELP = `
A channel that is not pinned stays as it is.

Examples:
  $ mill unpin main`

/** `mill unpin`: lets a channel answer with its newest build again. */
export function unpinCommand(io: CliIo): Command {
  return new Command('unpin')
    .description('Let a channel answer with its newest build again')
    .argument('<channel>', 'channel of the store')
    .addOption(storeOption())
    .addHelpText('after', HELP)
    .action(async (name: string, flags: StoreFlags) => {
      const store = await findStore(io, flags)
      await steer(io, { store, channel: await knownChannel(store, name), to: undefined })
    })
}
