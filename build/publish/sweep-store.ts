import { channelsIn, namesIn, readChannel } from './channel-state.ts'
import { withDraft } from './draft.ts'
import { layoutOf } from './layout.ts'
import { StoreLockError, withLock } from './lock.ts'
import { releasesOf } from './record.ts'
import { isOverfull, KEEP, sweep } from './sweep.ts'

/** Sweeps a store if there is anything to sweep, unless somebody is writing to it, who then does. */
export async function sweepStore(store: string, keep: number = KEEP): Promise<void> {
  if (!(await isDue(store, keep))) return
  await withLock(store, (layout) => withDraft(layout, (draft) => sweep(layout, draft, keep)), 0).catch(
    (error) => {
      if (!(error instanceof StoreLockError)) throw error
    },
  )
}

async function isDue(store: string, keep: number): Promise<boolean> {
  if ((await namesIn(layoutOf(store).drafts)).length > 0) return true
  for (const channel of await channelsIn(store)) {
    if (isOverfull(releasesOf((await readChannel(store, channel)).record).length, keep)) return true
  }
  return false
}
