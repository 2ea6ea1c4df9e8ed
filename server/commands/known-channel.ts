import { channelsIn } from '../../build/publish/channel-state.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { closest } from '../../schemas/suggest.ts'

/**
 * The channel of that name.
 *
 * @throws {CommandError} `channel/unknown`
 */
export async function knownChannel(store: string, name: string): Promise<string> {
  const known = await channelsIn(store)
  if (known.includes(name)) return name
  const near = closest(name, known)
  const hint = near === undefined ? '' : `; did you mean "${near}"?`
  throw new CommandError(
    'channel/unknown',
    `Cannot find channel "${name}": the store has ${known.join(', ') || 'none'}${hint}`,
    { exit: EXIT.usage },
  )
}
