import { CEILING_PATH, ceilingOf, parseCeiling } from '../../build/ceiling.ts'
import type { ToolCeiling } from '../../build/release.ts'
import type { Ceiling } from '../../schemas/ceiling.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import type { BranchSource } from './branch-source.ts'
import type { BranchChannel } from './branches.ts'

/** What the default branch lets each channel give to its agents. */
export interface ChannelCeilings {
  /** Reads what the default branch says, if it has moved. */
  readonly read: (main: BranchChannel | undefined) => Promise<void>
  /** Undefined when nothing is forbidden to the channel. */
  readonly of: (channel: string) => ToolCeiling | undefined
}

/** Holds when the first ceiling that is seen cannot be read: then nobody knows what is allowed. */
const NOTHING: Ceiling = { channels: { '*': { tools: [] } } }

/** A ceiling that can no longer be read stays as it was: a mistake in it must not free an experiment. */
export function channelCeilings({ tree: treeOf }: Pick<BranchSource, 'tree'>): ChannelCeilings {
  let ceiling: Ceiling | undefined
  let commit: string | undefined
  return {
    read: async (main) => {
      if (main === undefined || main.commit === commit) return
      const { files, diagnostics } = await treeOf(main)
      const file = files.find(({ path }) => path === CEILING_PATH)
      const isRefused = diagnostics.some(({ path }) => path === CEILING_PATH)
      if (file !== undefined || isRefused) {
        ceiling = (file && parseCeiling(file, () => undefined)) ?? ceiling ?? NOTHING
      } else if (files.length > 0 || !hasErrors(diagnostics)) ceiling = undefined
      commit = main.commit
    },
    of: (channel) => ceiling && ceilingOf(ceiling, channel),
  }
}

/** A ceiling as one text, by which two are told apart; null for none. */
export function ceilingText(ceiling: ToolCeiling | undefined): string | null {
  return ceiling === undefined ? null : [...ceiling.tools].sort().join(' ')
}
