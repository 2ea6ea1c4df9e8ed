import type { SourceTree } from '../build/release.ts'
import { CommandError } from '../schemas/cli.ts'
import { type ChannelChange, openBoard } from './board.ts'
import { type BranchSource, UNFETCHED } from './branch-source.ts'
import { type BranchChannel, branchChannels, defaultBranch } from './branches.ts'
import { type Channel, live, retired } from './channel.ts'
import { rebuilt, treeFinding, UNPUBLISHED } from './rebuild.ts'
import type { ServingState } from './serving-state.ts'
import type { Store } from './store.ts'
import { treeDigest } from './tree-digest.ts'

export interface ChannelsOptions {
  readonly store: Store
  /** Undefined outside git. */
  readonly branches: BranchSource | undefined
  /** Reads the work tree. `mayWait`: nothing is served yet, so documents are worth waiting for. */
  readonly workTree: (mayWait: boolean) => Promise<SourceTree>
  /** Told after a channel was replaced. Must not throw. */
  readonly onChange: (change: ChannelChange) => void
}

/** Everything that is served, and the two ways in which it changes. */
export interface Channels extends Omit<ServingState, 'root'> {
  /** Builds the work tree into `dev`. @throws {CommandError} when the content folder never could be read. */
  readonly refreshWorkTree: () => Promise<void>
  /** Follows the branches: builds what moved, retires what is gone. @throws {GitError} when refs cannot be read. */
  readonly refreshBranches: () => Promise<void>
  /** Lets branches that were deleted while nothing was served answer with what the store has of them. */
  readonly restoreRetired: () => Promise<void>
}

/** Nothing is served before the first refresh. A channel is replaced by one assignment, when its release is whole. */
export function openChannels(options: ChannelsOptions): Channels {
  const { store, branches } = options
  const board = openBoard({ load: store.load, onChange: options.onChange })
  const built = new Map<string, string>()
  let mainBranch: string | null = null
  let builtTree: string | undefined
  let arrivals = 0

  const retire = (channel: Channel) => {
    built.delete(channel.name)
    const after = retired(channel)
    if (after === undefined) board.remove(channel.name)
    else board.swap(after)
  }

  const follow = async (source: BranchSource, target: BranchChannel) => {
    if (built.get(target.channel) === target.commit) return
    const named = { name: target.channel, branch: target.branch, diagnostics: [] }
    const { commit } = target
    const before = arrivals
    const stored = await store.builtFrom(target)
    if (stored !== undefined) board.swap(live(named, stored))
    else {
      const tree = await source.tree(target)
      board.swap(await rebuilt({ store, named, tree, commit, current: board.channel(named.name) }), tree)
    }
    if (before === arrivals) built.set(target.channel, commit)
  }

  /** What a branch lacked may be in the cache now. */
  const askAgain = () => {
    arrivals += 1
    for (const { name, diagnostics } of board.channels()) {
      if (diagnostics.some(({ code }) => code === UNFETCHED)) built.delete(name)
    }
  }

  return {
    ...board,
    refreshWorkTree: async () => {
      const isFirst = board.channel('dev') === undefined
      const mayWait = isFirst && (await store.lastGood('dev')) === undefined
      const tree = await options.workTree(mayWait).catch((error: unknown) => {
        if (isFirst || !(error instanceof CommandError)) throw error
        return { files: [], diagnostics: [treeFinding(error.code, error.message)] }
      })
      const digest = treeDigest(tree)
      if (digest === builtTree) return
      const named = { name: 'dev', branch: null, diagnostics: [] }
      const after = await rebuilt({ store, named, tree, commit: null, current: board.channel('dev') })
      board.swap(after, tree)
      askAgain()
      // What could not be published is tried again with the next hint.
      builtTree = after.diagnostics.some(({ code }) => code === UNPUBLISHED) ? undefined : digest
    },
    refreshBranches: async () => {
      if (branches === undefined) return
      const refs = await branches.refs()
      mainBranch = defaultBranch(refs, mainBranch)
      const targets = branchChannels(refs, mainBranch)
      for (const target of targets) await follow(branches, target)
      const followed = new Set(['dev', ...targets.map(({ channel }) => channel)])
      for (const channel of board.channels()) {
        if (!followed.has(channel.name) && channel.status !== 'retired') retire(channel)
      }
    },
    restoreRetired: async () => {
      if (branches === undefined) return
      for (const name of await store.channels()) {
        const last = board.channel(name) !== undefined ? undefined : await store.lastGood(name)
        if (last !== undefined)
          board.swap({ name, branch: null, diagnostics: [], status: 'retired', ...last })
      }
    },
  }
}
