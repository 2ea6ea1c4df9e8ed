import type { Command } from 'commander'
import type { CliIo } from '../schemas/cli.ts'
import { budgetCommand } from './commands/budget.ts'
import { buildCommand } from './commands/build.ts'
import { checkCommand } from './commands/check.ts'
import { diffCommand } from './commands/diff.ts'
import { explainCommand } from './commands/explain.ts'
import { graphCommand } from './commands/graph.ts'
import { newCommand } from './commands/new.ts'

/** The commands of this room. */
export function buildCommands(io: CliIo): Command[] {
  return [
    checkCommand(io),
    buildCommand(io),
    budgetCommand(io),
    diffCommand(io),
    explainCommand(io),
    graphCommand(io),
    newCommand(io),
  ]
}
