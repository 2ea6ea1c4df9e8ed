import type { Command } from 'commander'
import type { CliIo } from '../schemas/cli.ts'
import { serveCommands } from './commands/serve.ts'

/** The commands of this room. */
export function serverCommands(io: CliIo): Command[] {
  return [...serveCommands(io)]
}
