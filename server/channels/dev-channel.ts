import { treeError } from '../../build/finding.ts'
import { CommandError } from '../../schemas/cli.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { Made, Seen } from '../source/made.ts'
import { ThreadEndedError } from '../source/thread.ts'
import type { WorkTree } from '../source/work-tree.ts'
import type { Store } from '../store/store.ts'
import type { Board } from './board.ts'
import { live } from './channel.ts'
import { died, rebuilt, UNPUBLISHED } from './rebuild.ts'

export interface DevChannelOptions {
  readonly board: Board
  readonly store: Store
  /** Makes the work tree; undefined when it is what was given last. */
  readonly make: WorkTree['make']
}

const DEV = { name: 'dev', branch: null, rewound: false } as const
const DEV_ORIGIN = { commit: null, ceiling: null } as const

/** Lets `dev` answer with what the store has, if that was made of this very tree: its findings are not known then. */
export async function restoreDev(
  { board, store }: Pick<DevChannelOptions, 'board' | 'store'>,
  { digest }: Seen,
): Promise<boolean> {
  const stored = await store.builtFrom({ channel: 'dev', ...DEV_ORIGIN, tree: digest })
  if (stored !== undefined) board.swap(live({ ...DEV, diagnostics: [] }, stored))
  return stored !== undefined
}

/**
 * Keeps `dev` at what the work tree is. Each call asks for the tree, and tells whether it was another than before.
 *
 * @throws {CommandError} when the first call cannot read it.
 */
export function devChannel({ board, store, make }: DevChannelOptions): () => Promise<boolean> {
  // What could not be published is tried again with the next hint.
  let again = false
  return async () => {
    const current = board.channel('dev')
    const mayWait = current === undefined && (await store.lastGood('dev')) === undefined
    const made = await make({ mayWait, again }).catch((error: unknown): Made => {
      if (error instanceof ThreadEndedError) return unmade(died(error))
      if (current === undefined || !(error instanceof CommandError)) throw error
      return unmade(treeError({ code: error.code, message: error.message }))
    })
    if (made === undefined) return false
    const origin = { ...DEV_ORIGIN, ...(made.digest !== undefined && { tree: made.digest }) }
    const after = await rebuilt({ build: () => made, store, named: DEV, tree: made.tree, origin, current })
    board.swap(after, made.tree)
    again = after.diagnostics.some(({ code }) => code === UNPUBLISHED)
    return true
  }
}

/** What came of a tree that could not be made at all. */
function unmade(finding: Diagnostic): Made {
  return { release: undefined, diagnostics: [finding], tree: { files: [], diagnostics: [finding] } }
}
