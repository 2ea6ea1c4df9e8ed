import type { BuildOutcome, SourceTree } from '../../build/release.ts'
import type { BuildAnswer } from './build-thread.ts'
import { createUnpacker } from './parcel.ts'
import { openThread } from './thread.ts'

/** Builds trees where no request has to wait for it. */
export interface ElsewhereBuilder {
  /** @throws {ThreadEndedError} when the thread has died over the tree. */
  readonly build: (
    tree: SourceTree,
  ) => Promise<Pick<BuildOutcome, 'release' | 'diagnostics'> & Pick<BuildAnswer, 'seconds'>>
  readonly close: () => Promise<void>
}

/** A builder in a thread of its own, which is started by the first tree. Once `signal` aborts, nothing is waited for. */
export function buildElsewhere(signal: AbortSignal): ElsewhereBuilder {
  const unpack = createUnpacker()
  const thread = openThread<SourceTree, BuildAnswer>({
    script: new URL('./build-thread.ts', import.meta.url),
    data: undefined,
    onTold: () => undefined,
    onDeath: () => undefined,
    mayGo: () => true,
    signal,
  })
  return {
    build: async (tree) => {
      const { parcel, ...others } = await thread.ask(tree)
      return { ...others, release: parcel && unpack(parcel) }
    },
    close: thread.close,
  }
}
