import type { Command } from 'commander'
import type { CliIo } from '../schemas/cli.ts'
import { keygenCommand } from './commands/keygen.ts'
import { publishCommand } from './commands/publish.ts'
import { serveCommands } from './commands/serve.ts'
import { verifyCommand } from './commands/verify.ts'

/** The commands of this room. */
export function serverCommands(io: CliIo): Command[] {
  return [...serveCommands(io), publishCommand(io), verifyCommand(io), keygenCommand(io)]
}
