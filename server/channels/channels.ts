import type { Store } from '../store/store.ts'
import { type BoardOptions, openBoard } from './board.ts'
import { followBranches } from './branch-follower.ts'
import type { BranchSource } from './branch-source.ts'
import { type DevChannelOptions, devChannel } from './dev-channel.ts'
import type { ServingState } from './serving-state.ts'

export interface ChannelsOptions {
  readonly store: Store
  /** Undefined outside git. */
  readonly branches: BranchSource | undefined
  readonly workTree: DevChannelOptions['read']
  readonly onChange: BoardOptions['onChange']
}

/** Everything that is served, and the two ways in which it changes. */
export interface Channels extends Omit<ServingState, 'root'> {
  /** Builds the work tree into `dev`. @throws {CommandError} when the content folder never could be read. */
  readonly refreshWorkTree: () => Promise<void>
  /** Brings the channels of branches up to date. @throws {GitError} when refs cannot be read. */
  readonly refreshBranches: () => Promise<void>
}

/** Nothing is served before the first refresh. A channel is replaced by one assignment, when its release is whole. */
export function openChannels({ store, branches, workTree, onChange }: ChannelsOptions): Channels {
  const board = openBoard({ load: store.load, onChange })
  const refreshDev = devChannel({ board, store, read: workTree })
  const follower = branches && followBranches({ board, store, source: branches })
  return {
    ...board,
    refreshWorkTree: async () => {
      if (await refreshDev()) follower?.documentsArrived()
    },
    refreshBranches: async () => follower?.refresh(),
  }
}
