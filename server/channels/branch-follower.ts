import { UNFETCHED } from '../../build/fetch/remote-document.ts'
import { wasBuilt } from '../../build/publish/record.ts'
import type { Experiments } from '../experiments/experiments.ts'
import type { Store } from '../store/store.ts'
import { originOf } from '../store/store-origin.ts'
import type { Board } from './board.ts'
import { type BranchBuilder, builtBranch } from './branch-build.ts'
import { type BranchChannel, branchChannels, defaultBranch } from './branches.ts'
import { isLike } from './channel.ts'
import { ceilingText } from './channel-ceilings.ts'
import { type Declarations, openDeclarations } from './declarations.ts'
import { isTransient } from './rebuild.ts'
import { retirement } from './retirement.ts'

export interface BranchFollowerOptions extends BranchBuilder {
  readonly board: Board
  /** Told what the default branch declares. */
  readonly experiments: Pick<Experiments, 'declare'>
}

/** Keeps the channels of branches at what the branches are. */
export interface BranchFollower {
  /**
   * Builds what moved, retires what is gone; what was gone before the first call answers with what the store has of it.
   *
   * @throws {GitError} when refs cannot be read.
   */
  readonly refresh: () => Promise<void>
  /** What a channel may give to its agents; undefined when nothing is forbidden to it. */
  readonly ceilingOf: Declarations['ceilingOf']
  /** Builds a channel with the next refresh, which then does not go on with what it answers now. */
  readonly buildAnew: (name: string) => void
  /** Says that documents may be in the cache now that were not: what lacked some is built again with the next refresh. */
  readonly documentsArrived: () => void
}

/** Refreshes after which what may mend by itself is tried again. */
const PATIENCE = 10

/** What was the default branch when `main` was built last. */
async function mainBefore(store: Store): Promise<string | null> {
  const built = (await store.history('main')).find(wasBuilt)
  return (built && originOf(built)?.branch) ?? null
}

export function followBranches({
  board,
  store,
  source,
  build,
  experiments,
}: BranchFollowerOptions): BranchFollower {
  const builder: BranchBuilder = { build, store, source }
  /** Channel → what it was built from, and the round in which that is tried again. */
  const built = new Map<string, { readonly key: string; readonly again: number }>()
  /** Channel → the ceiling it was built under. */
  const under = new Map<string, string | null>()
  const declared = openDeclarations(source, experiments)
  let mainBranch: string | null = null
  let round = 0
  let arrivals = 0
  const { retireOthers, restore, forget } = retirement({ board, store, ceilingOf: declared.ceilingOf, under })

  const follow = async (target: BranchChannel) => {
    const { channel: name, commit } = target
    const ceiling = declared.ceilingOf(name)
    const text = ceilingText(ceiling)
    const key = JSON.stringify([commit, text])
    const last = built.get(name)
    if (last?.key === key && round < last.again) return
    const before = arrivals
    const current = board.channel(name)
    const mayStay = under.get(name) === text
    const { after, tree } = await builtBranch(builder, { target, ceiling, current, mayStay })
    if (current === undefined || !isLike(current, after)) board.swap(after, tree)
    under.set(name, text)
    const again = after.diagnostics.some(isTransient) ? round + PATIENCE : Number.POSITIVE_INFINITY
    if (before === arrivals) built.set(name, { key, again })
  }

  return {
    refresh: async () => {
      const refs = await source.refs()
      round += 1
      const before = mainBranch === null ? await mainBefore(store) : null
      mainBranch = defaultBranch(refs, { now: mainBranch, before })
      await declared.read(refs.branches.find(({ name }) => name === mainBranch))
      const targets = branchChannels(refs, mainBranch, declared.patterns())
      for (const target of targets) await follow(target)
      const followed = new Set(['dev', ...targets.map(({ channel }) => channel)])
      for (const name of built.keys()) if (!followed.has(name)) built.delete(name)
      retireOthers(followed)
      if (round === 1) await restore()
      await forget()
    },
    ceilingOf: declared.ceilingOf,
    buildAnew: (name) => {
      built.delete(name)
      under.delete(name)
    },
    documentsArrived: () => {
      arrivals += 1
      for (const { name, diagnostics } of board.channels()) {
        if (diagnostics.some(({ code }) => code === UNFETCHED)) built.delete(name)
      }
    },
  }
}
