import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { channelName } from '../../schemas/channel.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { closest } from '../../schemas/suggest.ts'

/** Every channel that was ever published to a store, sorted. */
export async function channelsOf(store: string): Promise<string[]> {
  const files = await readdir(join(store, 'channels')).catch(() => [])
  const names = files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
  return names.filter((name) => channelName.safeParse(name).success).sort()
}

/**
 * The channel of that name.
 *
 * @throws {CommandError} `channel/unknown`
 */
export async function knownChannel(store: string, name: string): Promise<string> {
  const known = await channelsOf(store)
  if (known.includes(name)) return name
  const near = closest(name, known)
  const hint = near === undefined ? '' : `; did you mean "${near}"?`
  throw new CommandError(
    'channel/unknown',
    `Cannot find channel "${name}": the store has ${known.join(', ') || 'none'}${hint}`,
    { exit: EXIT.usage },
  )
}
