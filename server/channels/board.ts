import type { SourceTree } from '../../build/release.ts'
import type { ServedRelease } from '../store/served-release.ts'
import { shelf } from '../store/shelf.ts'
import type { Channel } from './channel.ts'
import type { ServingState } from './serving-state.ts'

/** A channel answers something else than before, or the same with other findings. */
export interface ChannelChange {
  readonly before: Channel | undefined
  readonly after: Channel
  /** What was built; undefined when nothing was. */
  readonly tree: SourceTree | undefined
}

/** Every channel as it is now. */
export interface Board extends Omit<ServingState, 'root' | 'experiments'> {
  /** Replaces a channel by one assignment; what it answered with before stays at hand for a while. */
  readonly swap: (after: Channel, tree?: SourceTree) => void
  /** Takes a channel away, which is told as one that answers nothing any more. */
  readonly remove: (name: string) => void
}

export interface BoardOptions {
  /** Reads a release that no channel answers with. Contract: rejects never. */
  readonly load: (id: string) => Promise<ServedRelease | undefined>
  /** Told after a channel was replaced. Must not throw. */
  readonly onChange: (change: ChannelChange) => void
}

/** Releases kept in memory, those that channels answer with among them: what is older is read from the store again. */
const KEPT_RELEASES = 8
/** Bytes of them: an edit that reaches hundreds of skills makes nearly all of a release anew. */
const KEPT_BYTES = 16 * 1024 * 1024

/** A board without channels. */
export function openBoard({ load, onChange }: BoardOptions): Board {
  const channels = new Map<string, Channel>()
  const releases = shelf({ limit: KEPT_RELEASES, room: KEPT_BYTES, load })
  return {
    channel: (name) => channels.get(name),
    channels: () => [...channels.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)),
    release: (id) => {
      for (const channel of channels.values()) {
        if (channel.status !== 'empty' && channel.release.id === id) return channel.release
      }
      return releases.take(id)
    },
    swap: (after, tree) => {
      const before = channels.get(after.name)
      if (after.status !== 'empty') releases.put(after.release)
      channels.set(after.name, after)
      onChange({ before, after, tree })
    },
    remove: (name) => {
      const before = channels.get(name)
      if (!channels.delete(name) || before === undefined) return
      const { branch } = before
      onChange({ before, after: { name, branch, diagnostics: [], status: 'empty' }, tree: undefined })
    },
  }
}

/** The work tree first, then the default branch, then all others by name, however they came. */
function rank({ name }: Channel): string {
  return `${['dev', 'main'].includes(name) ? 0 : 1}${name}`
}
