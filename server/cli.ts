import type { Command } from 'commander'
import type { CliIo } from '../schemas/cli.ts'
import { channelsCommand } from './commands/channels.ts'
import { keygenCommand } from './commands/keygen.ts'
import { pinCommand } from './commands/pin.ts'
import { promoteCommand } from './commands/promote.ts'
import { publishCommand } from './commands/publish.ts'
import { serveCommands } from './commands/serve.ts'
import { unpinCommand } from './commands/unpin.ts'
import { verifyCommand } from './commands/verify.ts'

/** The commands of this room. */
export function serverCommands(io: CliIo): Command[] {
  return [
    ...serveCommands(io),
    channelsCommand(io),
    pinCommand(io),
    unpinCommand(io),
    promoteCommand(io),
    publishCommand(io),
    verifyCommand(io),
    keygenCommand(io),
  ]
}
