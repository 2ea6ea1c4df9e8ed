/** The thread in which a work tree is watched and built; it begins with the first question. */
import { parentPort, workerData } from 'node:worker_threads'
import { answerQuestions, type Given } from './answer.ts'
import type { Made } from './made.ts'
import { createPacker, handedOver, type Parcel } from './parcel.ts'
import { openTreeMaker, type TreeMakerOptions, type Wish } from './tree-maker.ts'

/** What the thread is given at its start. */
export type WorkTreeData = Pick<TreeMakerOptions, 'content' | 'documents'>

/** What it may be asked. */
export type WorkTreeQuestion = { readonly make: Wish } | 'watch'

/** What was made, its release as a parcel; undefined when there is nothing new. */
export type WorkTreeAnswer = (Omit<Made, 'release'> & { readonly parcel: Parcel | undefined }) | undefined

/** What it tells without being asked. */
export type WorkTreeTold = { readonly changed: true } | { readonly note: string } | { readonly bug: string }

const NOTHING: Given<WorkTreeAnswer> = { answer: undefined, transfer: [] }

if (parentPort !== null) {
  const pack = createPacker()
  const tell = answerQuestions<WorkTreeQuestion, WorkTreeAnswer, WorkTreeTold>(
    parentPort,
    async (question) => {
      if (question === 'watch') {
        void maker
          .watch(new AbortController().signal)
          .catch((error: Error) => tell({ bug: error.stack ?? error.message }))
        return NOTHING
      }
      const made = await maker.make(question.make)
      if (made === undefined) return NOTHING
      const { release, ...others } = made
      const parcel = release && pack(release)
      return { answer: { ...others, parcel }, transfer: handedOver(parcel) }
    },
  )
  const maker = openTreeMaker({
    ...(workerData as WorkTreeData),
    onChange: () => tell({ changed: true }),
    onNote: (note) => tell({ note }),
  })
}
