import { type Experiments, openExperiments } from '../experiments/experiments.ts'
import type { Seen } from '../source/made.ts'
import type { Store } from '../store/store.ts'
import { type BoardOptions, openBoard } from './board.ts'
import { type BranchFollower, followBranches } from './branch-follower.ts'
import type { BranchSource } from './branch-source.ts'
import { type DevChannelOptions, devChannel, restoreDev } from './dev-channel.ts'
import type { Rebuild } from './rebuild.ts'
import type { ServingState } from './serving-state.ts'
import { steering } from './steering.ts'

export interface ChannelsOptions {
  readonly store: Store
  /** Asked until there are some: there are none outside git. */
  readonly branches: () => Promise<BranchSource | undefined>
  readonly workTree: DevChannelOptions['make']
  /** Builds the tree of a branch. */
  readonly build: Rebuild['build']
  readonly onChange: BoardOptions['onChange']
  /** Told what a person should know who compares channels. Must not throw. */
  readonly onWarning: (sentence: string) => void
}

/** Everything that is served, and the two ways in which it changes. */
export interface Channels extends Omit<ServingState, 'root' | 'experiments'> {
  /** As the work tree declares them, and as the default branch does. */
  readonly experiments: { readonly dev: Experiments; readonly main: Experiments }
  /** Lets `dev` answer with what the store has of this very tree; false when it has nothing of it. */
  readonly restoreWorkTree: (seen: Seen) => Promise<boolean>
  /** Builds the work tree into `dev`. @throws {CommandError} when the content folder never could be read. */
  readonly refreshWorkTree: () => Promise<void>
  /** Brings the channels of branches up to date, and all channels to where somebody has pinned them. @throws {GitError} when refs cannot be read. */
  readonly refreshBranches: () => Promise<void>
}

/** Nothing is served before the first refresh. A channel is replaced by one assignment, when its release is whole. */
export function openChannels(options: ChannelsOptions): Channels {
  const { store, branches, workTree, build, onChange, onWarning } = options
  const board = openBoard({ load: store.load, onChange })
  const dev = openExperiments({ channel: board.channel, onWarning })
  const main = openExperiments({ channel: board.channel, onWarning })
  const make: DevChannelOptions['make'] = async (wish) => {
    const made = await workTree(wish)
    if (made !== undefined) dev.declare(made.tree)
    return made
  }
  const steer = steering({
    ...{ board, store },
    ceilingOf: (name) => follower?.ceilingOf(name),
    onBeyond: (name) => follower?.buildAnew(name),
  })
  const refreshDev = devChannel({ board, store, make })
  let follower: BranchFollower | undefined
  const openFollower = async () => {
    const source = await branches()
    return source && followBranches({ board, store, source, build, experiments: main })
  }
  return {
    ...board,
    experiments: { dev, main },
    restoreWorkTree: async (seen) => {
      const isRestored = await restoreDev({ board, store }, seen)
      if (isRestored) dev.declare(seen.tree)
      return isRestored
    },
    refreshWorkTree: async () => {
      if (await refreshDev()) follower?.documentsArrived()
    },
    refreshBranches: async () => {
      try {
        follower ??= await openFollower()
        await follower?.refresh()
      } finally {
        await steer()
        main.tellMissing()
      }
    },
  }
}
