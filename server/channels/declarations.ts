import { GitError } from '../../build/git/command.ts'
import type { SourceTree, ToolCeiling } from '../../build/release.ts'
import type { Experiments } from '../experiments/experiments.ts'
import { DEFAULT_PATTERNS, patternsIn } from './branch-patterns.ts'
import type { BranchSource } from './branch-source.ts'
import type { Branch } from './branches.ts'
import { channelCeilings } from './channel-ceilings.ts'

/** What the default branch says about channels. Only it is asked: whoever may push a branch may say anything there. */
export interface Declarations {
  /** Reads what the default branch says, if it has moved. */
  readonly read: (main: Branch | undefined) => Promise<void>
  /** Which branches are channels. */
  readonly patterns: () => readonly string[]
  /** What a channel may give to its agents; undefined when nothing is forbidden to it. */
  readonly ceilingOf: (channel: string) => ToolCeiling | undefined
}

/** What cannot be read leaves things as they were. */
export function openDeclarations(
  { declared }: Pick<BranchSource, 'declared'>,
  experiments: Pick<Experiments, 'declare'>,
): Declarations {
  const ceilings = channelCeilings()
  let patterns = DEFAULT_PATTERNS
  let commit: string | undefined
  const take = (tree: SourceTree) => {
    ceilings.declare(tree)
    patterns = patternsIn(tree) ?? patterns
    experiments.declare(tree)
  }
  return {
    read: async (main) => {
      if (main === undefined || main.commit === commit) return
      try {
        const tree = await declared(main.commit)
        if (tree !== undefined) take(tree)
        commit = main.commit
      } catch (error) {
        if (!(error instanceof GitError)) throw error
        ceilings.declare(undefined)
      }
    },
    patterns: () => patterns,
    ceilingOf: ceilings.of,
  }
}
