/** The thread in which the trees of branches are built, one after the other. */
import { parentPort } from 'node:worker_threads'
import { createBuilder } from '../../build/builder.ts'
import type { BuildOutcome, SourceTree } from '../../build/release.ts'
import { answerQuestions } from './answer.ts'
import { createPacker, handedOver, type Parcel } from './parcel.ts'

/** What a tree came to, its release as a parcel. */
export type BuildAnswer = Pick<BuildOutcome, 'diagnostics'> & {
  readonly parcel: Parcel | undefined
  /** How long the build took. */
  readonly seconds: number
}

if (parentPort !== null) {
  // One for all: branches are like each other.
  const { build } = createBuilder()
  const pack = createPacker()
  answerQuestions<SourceTree, BuildAnswer, never>(parentPort, async (tree) => {
    const begun = performance.now()
    const { release, diagnostics } = build(tree)
    const seconds = (performance.now() - begun) / 1_000
    const parcel = release && pack(release)
    return { answer: { diagnostics, parcel, seconds }, transfer: handedOver(parcel) }
  })
}
