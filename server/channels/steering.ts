import type { ToolCeiling } from '../../build/release.ts'
import { toolBeyond } from '../../build/release-tools.ts'
import type { Store } from '../store/store.ts'
import type { Board } from './board.ts'
import { type Channel, isLike, publishedBy, steered } from './channel.ts'

export interface SteeringOptions {
  readonly board: Board
  readonly store: Store
  readonly ceilingOf: (channel: string) => ToolCeiling | undefined
  /** Told of a channel that was steered to what its ceiling forbids. */
  readonly onBeyond: (channel: string) => void
}

/** Lets channels answer with what the store says, for `mill pin` writes there and not here. Resolves when they do. */
export function steering({ board, store, ceilingOf, onBeyond }: SteeringOptions): () => Promise<void> {
  return async () => {
    for (const channel of board.channels()) {
      const after = await asStored(store, channel)
      if (after !== undefined && isBeyond(after, ceilingOf(channel.name))) {
        onBeyond(channel.name)
        continue
      }
      // Whoever has replaced it meanwhile has asked the store later.
      if (after !== undefined && board.channel(channel.name) === channel) board.swap(after)
    }
  }
}

function isBeyond(channel: Channel, ceiling: ToolCeiling | undefined): boolean {
  if (ceiling === undefined || channel.status === 'empty') return false
  return toolBeyond(channel.release.release, ceiling.tools) !== undefined
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
  const after = steered(channel, { pointer, release, ...(pin && { pin, ...(newest && { newest }) }) })
  return isLike(channel, after) ? undefined : after
}
