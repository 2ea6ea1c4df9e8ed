import { wasPointedAt } from '../../build/publish/record.ts'
import type { Store } from '../store/store.ts'
import { originOf } from '../store/store-origin.ts'
import type { Board } from './board.ts'
import { type Channel, retired } from './channel.ts'
import { isWithin } from './channel-ceilings.ts'
import type { Declarations } from './declarations.ts'

export interface RetirementOptions {
  readonly board: Board
  readonly store: Store
  readonly ceilingOf: Declarations['ceilingOf']
  /** Channel → the ceiling that what it answers with was built under. */
  readonly under: Map<string, string | null>
}

/** Keeps channels answering whose branches are gone. */
export interface Retirement {
  /** Retires every channel that is not among those. */
  readonly retireOthers: (followed: ReadonlySet<string>) => void
  /** Lets the store forget what retired channels answered before, if there are others than when it was told last. */
  readonly forget: () => Promise<void>
  /** Brings back what the store has of channels that were gone before. */
  readonly restore: () => Promise<void>
}

/** Nobody can build what is retired once more, so under a narrower ceiling nothing of it is left. */
export function retirement({ board, store, ceilingOf, under }: RetirementOptions): Retirement {
  const isAllowed = (name: string) => isWithin(under.get(name), ceilingOf(name))
  const restoreOne = async (name: string) => {
    const entry = (await store.history(name)).find(wasPointedAt)
    under.set(name, (entry && originOf(entry)?.ceiling) ?? null)
    const last = isAllowed(name) ? await store.lastGood(name) : undefined
    if (last === undefined) return
    const { findings: diagnostics = [], ...published } = last
    board.swap({ name, branch: null, diagnostics, status: 'retired', ...published })
  }
  const retire = (channel: Channel) => {
    const after = isAllowed(channel.name) ? retired(channel) : undefined
    if (after === undefined) board.remove(channel.name)
    else if (channel.status !== 'retired') board.swap(after)
  }
  let told = ''
  return {
    forget: async () => {
      const names = board.channels().flatMap(({ name, status }) => (status === 'retired' ? [name] : []))
      if (names.join() === told) return
      await store.retire(names)
      told = names.join()
    },
    retireOthers: (followed) => {
      for (const channel of board.channels()) if (!followed.has(channel.name)) retire(channel)
    },
    restore: async () => {
      for (const name of await store.channels()) if (board.channel(name) === undefined) await restoreOne(name)
    },
  }
}
