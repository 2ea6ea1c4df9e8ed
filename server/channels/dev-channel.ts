import { createBuilder } from '../../build/builder.ts'
import type { SourceTree } from '../../build/release.ts'
import { treeDigest } from '../../build/watch/tree-digest.ts'
import { CommandError } from '../../schemas/cli.ts'
import type { Store } from '../store/store.ts'
import type { Board } from './board.ts'
import { rebuilt, treeFinding, UNPUBLISHED } from './rebuild.ts'

export interface DevChannelOptions {
  readonly board: Board
  readonly store: Store
  /** Reads the work tree. `mayWait`: nothing is served yet, so documents are worth waiting for. */
  readonly read: (mayWait: boolean) => Promise<SourceTree>
}

/**
 * Keeps `dev` at what the work tree is. Each call reads the tree, and tells whether it was another than before.
 *
 * @throws {CommandError} when the first call cannot read it.
 */
export function devChannel({ board, store, read }: DevChannelOptions): () => Promise<boolean> {
  const { build } = createBuilder()
  let builtTree: string | undefined
  return async () => {
    const current = board.channel('dev')
    const mayWait = current === undefined && (await store.lastGood('dev')) === undefined
    const tree = await read(mayWait).catch((error: unknown) => {
      if (current === undefined || !(error instanceof CommandError)) throw error
      return { files: [], diagnostics: [treeFinding(error.code, error.message)] }
    })
    const digest = treeDigest(tree)
    if (digest === builtTree) return false
    const named = { name: 'dev', branch: null }
    const origin = { commit: null, ceiling: null }
    const after = await rebuilt({ build, store, named, tree, origin, current })
    board.swap(after, tree)
    // What could not be published is tried again with the next hint.
    builtTree = after.diagnostics.some(({ code }) => code === UNPUBLISHED) ? undefined : digest
    return true
  }
}
