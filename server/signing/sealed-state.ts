import type { ChannelPointer } from '../../schemas/channel.ts'
import type { Channel } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { type Seal, sealed } from './pointer.ts'

/**
 * The same state, its pointers sealed as they are asked for. A seal is kept while more than half of its lifetime is
 * left, so that a pointer that is read again is the same to the byte.
 */
export function sealedState(state: ServingState, seal: Seal): ServingState {
  const given = new WeakMap<ChannelPointer, ChannelPointer>()
  const sealOf = (pointer: ChannelPointer) => {
    const known = given.get(pointer)
    if (known !== undefined && isFresh(known, seal)) return known
    const fresh = sealed(pointer, seal)
    given.set(pointer, fresh)
    return fresh
  }
  const withSeal = (channel: Channel): Channel => {
    if (channel.status === 'empty' || channel.pointer === null) return channel
    return { ...channel, pointer: sealOf(channel.pointer) }
  }
  return {
    ...state,
    channel: (name) => {
      const channel = state.channel(name)
      return channel && withSeal(channel)
    },
    channels: () => state.channels().map(withSeal),
  }
}

function isFresh({ expires }: ChannelPointer, { lifetimeMs, now }: Seal): boolean {
  if (expires === undefined || lifetimeMs === undefined) return true
  return Date.parse(expires) - now().getTime() > lifetimeMs / 2
}
