import { wasBuilt } from '../../build/publish/record.ts'
import type { SourceTree, ToolCeiling } from '../../build/release.ts'
import type { Store } from '../store/store.ts'
import { beyondCeiling } from './beyond-ceiling.ts'
import type { BranchSource } from './branch-source.ts'
import type { BranchChannel } from './branches.ts'
import { type Channel, live } from './channel.ts'
import { ceilingText } from './channel-ceilings.ts'
import { type Rebuild, rebuilt } from './rebuild.ts'

/** What a branch is built with. */
export interface BranchBuilder extends Pick<Rebuild, 'build'> {
  readonly store: Store
  readonly source: BranchSource
}

/** A branch to be built, and its channel as it is now. */
export interface BranchBuild {
  readonly target: BranchChannel
  readonly ceiling: ToolCeiling | undefined
  readonly current: Channel | undefined
  /** The channel answers with what was made under this very ceiling, so that it may go on doing so. */
  readonly mayStay: boolean
}

/** A channel after its branch was built, and what from; from nothing when the store had it. */
export interface BuiltBranch {
  readonly after: Channel
  readonly tree: SourceTree | undefined
}

/** Takes the release of a commit from the store, or builds it. */
export async function builtBranch(
  builder: BranchBuilder,
  { target, ceiling, current, mayStay }: BranchBuild,
): Promise<BuiltBranch> {
  const { build, store, source } = builder
  const { channel: name, branch, commit } = target
  const origin = { commit, ceiling: ceilingText(ceiling), ...(name === 'main' && { branch }) }
  const rewound = await isRewound(builder, target)
  const named = { name, branch, rewound }
  const stored = await store.builtFrom({ ...target, ...origin })
  if (stored !== undefined && beyondCeiling(stored, ceiling) === undefined)
    return { after: live({ ...named, diagnostics: [] }, stored), tree: undefined }
  const tree = { ...(await source.tree(target)), ceiling }
  const fallback = mayStay ? current : undefined
  const after = await rebuilt({ build, store, named, tree, origin, current: fallback })
  const isServed = after.status === 'live'
  return { after: isServed ? after : { ...after, rewound: current?.rewound ?? false }, tree }
}

/**
 * True when a commit does not come after the one that was built for the channel before; and so it stays, over restarts
 * as well, until the branch moves on.
 */
async function isRewound(
  { source, store }: Pick<BranchBuilder, 'source' | 'store'>,
  { channel, commit }: BranchChannel,
): Promise<boolean> {
  const history = await store.history(channel)
  const built = history.filter(wasBuilt)
  const before = built.find((entry) => entry.commit !== null && entry.commit !== commit)?.commit ?? null
  return before !== null && (await source.follows(commit, before)) === false
}
