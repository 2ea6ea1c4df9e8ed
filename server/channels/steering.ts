import type { ToolCeiling } from '../../build/release.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { Store } from '../store/store.ts'
import { REFUSED, refusalOf } from './beyond-ceiling.ts'
import type { Board } from './board.ts'
import { type Channel, isLike, publishedBy, steered } from './channel.ts'

export interface SteeringOptions {
  readonly board: Board
  readonly store: Store
  readonly ceilingOf: (channel: string) => ToolCeiling | undefined
  /** Told of a channel of a branch that was steered to what its ceiling forbids. */
  readonly onBeyond: (channel: string) => void
}

/**
 * Lets channels answer with what the store says, for `mill pin` writes there and not here. Resolves when they do. What
 * is refused is told as a finding.
 */
export function steering({ board, store, ceilingOf, onBeyond }: SteeringOptions): () => Promise<void> {
  const steer = async (channel: Channel) => {
    const wanted = await asStored(store, channel)
    const published = publishedBy(wanted)
    const refused = published && refusalOf(published, ceilingOf(channel.name))
    // What is retired nobody can build anew: it goes on with what it answers.
    if (refused !== undefined && channel.status !== 'retired') onBeyond(channel.name)
    const after = refused ? told(channel, refused) : wanted
    // Whoever has replaced it meanwhile has asked the store later.
    if (after !== undefined && board.channel(channel.name) === channel) board.swap(after)
  }
  return async () => {
    for (const channel of board.channels()) await steer(channel)
  }
}

/** The channel as it is, beside what it was refused last. */
function told(channel: Channel, ...refused: readonly Diagnostic[]): Channel {
  return {
    ...channel,
    diagnostics: [...channel.diagnostics.filter(({ code }) => code !== REFUSED), ...refused],
  }
}

/** The channel as the store has it; undefined when it is so already, or the store has not the release. */
async function asStored(store: Store, channel: Channel): Promise<Channel | undefined> {
  const found = await store.steered(channel.name)
  const published = publishedBy(channel)
  // What is not published yet is only what is sound of a tree with errors, which nothing but a pin outweighs.
  if (found === undefined || (published === undefined && found.pin === null)) return undefined
  const { pointer, pin, newest } = found
  const isSame = published?.release.id === pointer.release
  const release = isSame ? published?.release : await store.load(pointer.release)
  if (release === undefined) return undefined
  const after = steered(told(channel), { pointer, release, ...(pin && { pin, ...(newest && { newest }) }) })
  return isLike(channel, after) ? undefined : after
}
