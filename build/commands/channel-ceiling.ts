import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { channelName } from '../../schemas/channel.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { CEILING_PATH, ceilingOf, parseCeiling } from '../ceiling.ts'
import type { ToolCeiling } from '../release.ts'

/** What a person may say of the channel that is checked. */
export interface CeilingFlags {
  readonly content: string
  readonly channel?: string
  /** By default the one in the content folder. */
  readonly ceiling?: string
}

/**
 * What `--channel` may give to its agents, by `--ceiling`.
 *
 * @throws {CommandError} when one of the two makes no sense.
 */
export async function readChannelCeiling(io: CliIo, flags: CeilingFlags): Promise<ToolCeiling | undefined> {
  const { channel, ceiling } = flags
  if (channel === undefined && ceiling === undefined) return undefined
  if (channel === undefined || !channelName.safeParse(channel).success) {
    const message = `Cannot check the ceiling of the channel "${channel ?? ''}": expected --channel with a name such as "experiment-x"`
    throw new CommandError('ceiling/channel', message, { exit: EXIT.usage })
  }
  const path = ceiling ?? join(flags.content, CEILING_PATH)
  const bytes = await readFile(resolve(io.cwd, path)).catch((cause: unknown) => {
    const message = `Cannot read the ceiling "${path}": expected a file such as ${CEILING_PATH} of the default branch`
    throw new CommandError('ceiling/unreadable', message, { exit: EXIT.usage, cause })
  })
  const found: Diagnostic[] = []
  const parsed = parseCeiling({ path, bytes }, (diagnostic) => found.push(diagnostic))
  if (parsed !== undefined) return ceilingOf(parsed, channel)
  const [first] = found
  const message = `Cannot use the ceiling "${path}", line ${first?.line}: ${first?.message}`
  throw new CommandError('ceiling/unreadable', message, { exit: EXIT.usage })
}
