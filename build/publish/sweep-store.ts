import { channelsIn, namesIn, readChannel } from './channel-state.ts'
import { withDraft } from './draft.ts'
import { layoutOf } from './layout.ts'
import { LockError, withLock } from './lock.ts'
import { releasesOf } from './record.ts'
import { isOverfull, KEEP, sweep, trimChannel } from './sweep.ts'

/** Sweeps a store if there is anything to sweep, unless somebody is writing to it, who then does. */
export async function sweepStore(store: string, keep: number = KEEP): Promise<void> {
  if (await isDue(store, keep)) await sweepWith(store, { keep, ended: [] })
}

/**
 * Sweeps away what channels were before nothing more is published to them: each keeps what it answers with, and all of
 * them together as many releases besides as one channel keeps.
 */
export async function sweepEnded(
  store: string,
  channels: readonly string[],
  keep: number = KEEP,
): Promise<void> {
  let older = 0
  for (const channel of channels)
    older += Math.max(0, releasesOf((await readChannel(store, channel)).record).length - 1)
  if (older > keep) await sweepWith(store, { keep, ended: channels })
}

interface Sweeping {
  readonly keep: number
  readonly ended: readonly string[]
}

async function sweepWith(store: string, { keep, ended }: Sweeping): Promise<void> {
  const work = withLock(
    store,
    (layout) =>
      withDraft(layout, async (draft) => {
        for (const channel of ended) await trimChannel(layout, draft, { channel, keep: 1 })
        await sweep(layout, draft, keep)
      }),
    0,
  )
  await work.catch((error) => {
    if (!(error instanceof LockError)) throw error
  })
}

async function isDue(store: string, keep: number): Promise<boolean> {
  if ((await namesIn(layoutOf(store).drafts)).length > 0) return true
  for (const channel of await channelsIn(store)) {
    if (isOverfull(releasesOf((await readChannel(store, channel)).record).length, keep)) return true
  }
  return false
}
