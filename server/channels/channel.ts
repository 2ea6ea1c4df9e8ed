import type { ChannelPin, ChannelPointer, ChannelStatus } from '../../schemas/channel.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { ServedRelease } from '../store/served-release.ts'

interface Named {
  readonly name: string
  /** Branch it follows; null for the work tree. */
  readonly branch: string | null
  /** Findings of the last build. */
  readonly diagnostics: readonly Diagnostic[]
  /** The branch was moved to a commit that does not come after what was served before, and has not moved on since. */
  readonly rewound?: boolean
}

/** A release that was published: the only kind a failed build falls back to. */
export interface Published {
  readonly release: ServedRelease
  readonly pointer: ChannelPointer
  /** Present while the channel is pinned. */
  readonly pin?: ChannelPin
  /** The newest build of a pinned channel, which is not served. */
  readonly newest?: ChannelPointer
}

/**
 * What a channel answers with, at one moment. It is replaced as a whole, never changed.
 * A null pointer marks the sound part of a tree that has never been without errors.
 */
export type Channel = Named &
  (
    | { readonly status: 'empty' }
    | ({ readonly status: 'live' } & Published)
    | {
        readonly status: 'stale' | 'retired'
        readonly release: ServedRelease
        readonly pointer: ChannelPointer | null
        readonly pin?: ChannelPin
        readonly newest?: ChannelPointer
      }
  )

/** The channel after a build without errors was published. */
export function live(named: Named, published: Published): Channel {
  return { ...bare(named), status: 'live', ...published }
}

/** The channel after a build with errors: the last good release if there is one, else what is sound of this one. */
export function failed(
  named: Named,
  lastGood: Published | undefined,
  soundPart: ServedRelease | undefined,
): Channel {
  if (lastGood !== undefined) return { ...bare(named), status: 'stale', ...lastGood }
  if (soundPart !== undefined) return { ...bare(named), status: 'stale', release: soundPart, pointer: null }
  return { ...bare(named), status: 'empty' }
}

/** The channel after its branch was deleted; undefined when it has nothing left to answer with. */
export function retired(channel: Channel): Channel | undefined {
  return channel.status === 'empty' ? undefined : { ...channel, status: 'retired' }
}

/** The channel after the store was told to answer with something else. */
export function steered(channel: Channel, published: Published): Channel {
  return { ...bare(channel), status: channel.status === 'empty' ? 'stale' : channel.status, ...published }
}

/** The published release a channel answers with. */
export function publishedBy(channel: Channel | undefined): Published | undefined {
  if (channel === undefined || channel.status === 'empty' || channel.pointer === null) return undefined
  const { release, pointer, pin, newest } = channel
  return { release, pointer, ...(pin && { pin }), ...(newest && { newest }) }
}

/** A channel as `GET /channels` tells it. */
export function statusOf(channel: Channel): ChannelStatus {
  const { pin, newest } = publishedBy(channel) ?? {}
  return {
    channel: channel.name,
    branch: channel.branch,
    status: channel.status,
    pointer: channel.status === 'empty' ? null : channel.pointer,
    ...(pin && { pin }),
    ...(newest && { newest }),
    rewound: channel.rewound ?? false,
    diagnostics: [...channel.diagnostics],
  }
}

/** True when two states of a channel tell their readers the same. */
export function isLike(one: Channel, other: Channel): boolean {
  return (
    JSON.stringify(statusOf(one)) === JSON.stringify(statusOf(other)) && releaseOf(one) === releaseOf(other)
  )
}

function releaseOf(channel: Channel): string | undefined {
  return channel.status === 'empty' ? undefined : channel.release.id
}

function bare({ name, branch, diagnostics, rewound = false }: Named): Named {
  return { name, branch, diagnostics, rewound }
}
