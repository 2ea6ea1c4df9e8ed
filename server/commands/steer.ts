import { pinChannel, unpinChannel } from '../../build/publish/steer.ts'
import { CorruptReleaseError, readRelease } from '../../build/publish.ts'
import { type CliIo, CommandError } from '../../schemas/cli.ts'
import { refuseBeyondCeiling } from './ceiling-now.ts'

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
  if (to !== undefined) {
    const release = await readRelease(store, to.release).catch(refuse(channel))
    const refusal = `Cannot pin channel "${channel}" to release ${to.release}`
    await refuseBeyondCeiling(io, { store, channel, release, refusal })
  }
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
