import type { CliIo } from '../../../schemas/cli.ts'
import { wantsColour } from '../../tui/colour.ts'
import type { Finding } from '../finding.ts'

/** What a run would look like here. */
export function checkTerminal({ stdout, env }: Pick<CliIo, 'stdout' | 'env'>): Finding {
  const subject = 'terminal'
  const isTerminal = stdout.isTTY === true
  const colour = wantsColour(env, isTerminal) ? 'colour' : 'no colour'
  if (!isTerminal) return { subject, status: 'ok', found: `none: a run prints plain lines, ${colour}` }
  if (env.CI) return { subject, status: 'ok', found: `CI is set: a run prints plain lines, ${colour}` }
  const { columns = 80 } = stdout
  const found = `a run draws its queue, ${columns} columns, ${colour}`
  if (columns >= 40) return { subject, status: 'ok', found }
  return { subject, status: 'note', found, fix: 'Make it at least 40 columns wide' }
}
