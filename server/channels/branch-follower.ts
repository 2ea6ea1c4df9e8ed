import { createBuilder } from '../../build/builder.ts'
import type { Store } from '../store/store.ts'
import type { Board } from './board.ts'
import { type BranchSource, UNFETCHED } from './branch-source.ts'
import { type BranchChannel, branchChannels, defaultBranch } from './branches.ts'
import { type Channel, live, retired } from './channel.ts'
import { ceilingText, channelCeilings } from './channel-ceilings.ts'
import { rebuilt } from './rebuild.ts'

export interface BranchFollowerOptions {
  readonly board: Board
  readonly store: Store
  readonly source: BranchSource
}

/** Keeps the channels of branches at what the branches are. */
export interface BranchFollower {
  /**
   * Builds what moved, retires what is gone; what was gone before the first call answers with what the store has of it.
   *
   * @throws {GitError} when refs cannot be read.
   */
  readonly refresh: () => Promise<void>
  /** Says that documents may be in the cache now that were not: what lacked some is built again with the next refresh. */
  readonly documentsArrived: () => void
}

export function followBranches({ board, store, source }: BranchFollowerOptions): BranchFollower {
  // One for all: branches are like each other.
  const { build } = createBuilder()
  const built = new Map<string, string>()
  /** Channel → the ceiling it was built under. */
  const under = new Map<string, string | null>()
  const ceiling = channelCeilings(source)
  let mainBranch: string | null = null
  let arrivals = 0
  let restored = false

  const follow = async (target: BranchChannel) => {
    const { channel: name, branch, commit } = target
    const allowed = ceiling.of(name)
    const origin = { commit, ceiling: ceilingText(allowed) }
    const key = JSON.stringify(origin)
    if (built.get(name) === key) return
    const before = arrivals
    const stored = await store.builtFrom({ ...target, ...origin })
    if (stored !== undefined) board.swap(live({ name, branch, diagnostics: [] }, stored))
    else {
      const tree = { ...(await source.tree(target)), ceiling: allowed }
      // What was made under another ceiling is nothing to fall back to.
      const current = under.get(name) === origin.ceiling ? board.channel(name) : undefined
      board.swap(await rebuilt({ build, store, named: { name, branch }, tree, origin, current }), tree)
    }
    under.set(name, origin.ceiling)
    if (before === arrivals) built.set(name, key)
  }

  const retire = (channel: Channel) => {
    built.delete(channel.name)
    const after = retired(channel)
    if (after === undefined) board.remove(channel.name)
    else board.swap(after)
  }

  const restore = async () => {
    for (const name of await store.channels()) {
      const last = board.channel(name) === undefined ? await store.lastGood(name) : undefined
      if (last !== undefined) board.swap({ name, branch: null, diagnostics: [], status: 'retired', ...last })
    }
  }

  return {
    refresh: async () => {
      const refs = await source.refs()
      mainBranch = defaultBranch(refs, mainBranch)
      const targets = branchChannels(refs, mainBranch)
      await ceiling.read(targets.find(({ channel }) => channel === 'main'))
      for (const target of targets) await follow(target)
      const followed = new Set(['dev', ...targets.map(({ channel }) => channel)])
      for (const channel of board.channels()) {
        if (!followed.has(channel.name) && channel.status !== 'retired') retire(channel)
      }
      if (!restored) await restore()
      restored = true
    },
    documentsArrived: () => {
      arrivals += 1
      for (const { name, diagnostics } of board.channels()) {
        if (diagnostics.some(({ code }) => code === UNFETCHED)) built.delete(name)
      }
    },
  }
}
