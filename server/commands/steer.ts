import { readChannel } from '../../build/publish/channel-state.ts'
import { newest } from '../../build/publish/record.ts'
import { pinChannel, unpinChannel } from '../../build/publish/steer.ts'
import { CorruptReleaseError, readRelease } from '../../build/publish.ts'
import { tellBeyond, toolBeyond } from '../../build/release-tools.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { toolsOfText } from '../channels/channel-ceilings.ts'
import { originOf } from '../store/store-origin.ts'

/** What a channel of a store is to answer with. */
export interface Steering {
  readonly store: string
  readonly channel: string
  /** The release it is pinned to, and the channel that one came from; undefined for its newest build. */
  readonly to: { readonly release: string; readonly from: string | null } | undefined
}

/**
 * Pins a channel or lets it go, and says what it answers with now.
 *
 * @throws {CommandError} `release/damaged`, `release/ceiling` or `store/unwritable`
 */
export async function steer(io: CliIo, { store, channel, to }: Steering): Promise<void> {
  const now = () => new Date()
  if (to !== undefined) await refuseBeyondCeiling(store, channel, to.release)
  const pointer = await (to === undefined
    ? unpinChannel({ store, channel, now })
    : pinChannel({ store, channel, now, ...to })
  ).catch(refuse(channel))
  const held = to === undefined ? '' : to.from === null ? ', pinned' : `, pinned, from ${to.from}`
  io.stdout.write(
    pointer === undefined
      ? `${channel}  answers with nothing\n`
      : `${channel}  release ${pointer.release}  serial ${pointer.serial}${held}\n`,
  )
}

/** Holds a release against the ceiling that the channel was built under last. A server asks the default branch. */
async function refuseBeyondCeiling(store: string, channel: string, id: string): Promise<void> {
  const { record } = await readChannel(store, channel)
  const built = newest(record)
  const ceiling = built && originOf(built)?.ceiling
  if (ceiling === undefined || ceiling === null) return
  const tools = toolsOfText(ceiling)
  const named = toolBeyond(await readRelease(store, id).catch(refuse(channel)), tools)
  if (named === undefined) return
  const message = `Cannot pin channel "${channel}" to release ${id}: ${tellBeyond(named, tools)}`
  throw new CommandError('release/ceiling', message, { exit: EXIT.usage })
}

function refuse(channel: string): (cause: Error) => never {
  return (cause) => {
    if (cause instanceof CorruptReleaseError)
      throw new CommandError('release/damaged', cause.message, { cause })
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined) throw cause
    const message = `Cannot steer channel "${channel}": ${code}, expected a writable store`
    throw new CommandError('store/unwritable', message, { cause })
  }
}
