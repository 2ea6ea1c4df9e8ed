/** The thread in which a work tree is watched and built; it begins with the first question. */
import { parentPort, workerData } from 'node:worker_threads'
import { answerQuestions, type Given } from './answer.ts'
import type { Made, Seen } from './made.ts'
import { createPacker, handedOver, type Parcel } from './parcel.ts'
import type { ThreadStart } from './thread-entry.ts'
import { openTreeMaker, type TreeMakerOptions, type Wish } from './tree-maker.ts'

/** What the thread is given at its start. */
export type WorkTreeData = Pick<TreeMakerOptions, 'content' | 'documents'>

/** What it may be asked. */
export type WorkTreeQuestion = { readonly make: Wish } | 'see' | 'watch'

/** What was seen, or what was made, its release as a parcel; undefined when there is nothing new. */
export type WorkTreeAnswer = Seen | MadeElsewhere | undefined

type MadeElsewhere = Omit<Made, 'release'> & { readonly parcel: Parcel | undefined }

/** What it tells without being asked. */
export type WorkTreeTold =
  | { readonly changed: true }
  | { readonly ahead: Parcel }
  | { readonly note: string }
  | { readonly bug: string }

const NOTHING: Given<WorkTreeAnswer> = { answer: undefined, transfer: [] }

if (parentPort !== null) {
  const pack = createPacker()
  let told: string | undefined
  const tell = answerQuestions<WorkTreeQuestion, WorkTreeAnswer, WorkTreeTold>(
    parentPort,
    async (question) => {
      if (question === 'watch') {
        void maker
          .watch(new AbortController().signal)
          .catch((error: Error) => tell({ bug: error.stack ?? error.message }))
        return NOTHING
      }
      if (question === 'see') return { answer: await maker.see(), transfer: [] }
      const made = await maker.make(question.make)
      if (made === undefined) return NOTHING
      const { release, ...others } = made
      const parcel = release && pack(release)
      return { answer: { ...others, parcel }, transfer: handedOver(parcel) }
    },
  )
  const maker = openTreeMaker({
    ...((workerData as ThreadStart).data as WorkTreeData),
    onChange: () => tell({ changed: true }),
    onAhead: (release) => {
      const ahead = pack(release)
      tell({ ahead }, handedOver(ahead))
    },
    onNote: (note) => {
      if (note !== told) tell({ note })
      told = note
    },
  })
}
