import type { JournalFile } from '../../../client/queue/journal.ts'
import type { Dice, Scheduler } from './scheduler.ts'

/** A file whose unsynced end may be lost, torn or full of holes once the power fails. */
export interface Disk {
  /** Opens it: what `keep` says is whole stays, and is durable from then on. */
  readonly open: (keep: (bytes: Buffer) => number) => void
  readonly file: (scheduler: Scheduler, failure: () => boolean) => JournalFile
  readonly loseWhatIsNotSynced: () => void
  /** True when an append or a sync failed since it was opened. */
  readonly hasFailed: () => boolean
}

export function diskOf(dice: Dice): Disk {
  let bytes = Buffer.alloc(0)
  let durable = 0
  let inFlight = Buffer.alloc(0)
  let failed = false
  const fail = (code: string): never => {
    failed = true
    throw new Error(code)
  }
  return {
    hasFailed: () => failed,
    open: (keep) => {
      failed = false
      inFlight = Buffer.alloc(0)
      bytes = bytes.subarray(0, keep(bytes))
      durable = bytes.length
    },
    file: (scheduler, failure) => ({
      append: (text) => {
        inFlight = Buffer.from(text)
        return scheduler.soon(() => {
          const whole = inFlight
          inFlight = Buffer.alloc(0)
          const part = failure() ? dice.below(whole.length) : whole.length
          bytes = Buffer.concat([bytes, whole.subarray(0, part)])
          if (part < whole.length) fail('ENOSPC: no space left on device')
        })
      },
      sync: () =>
        scheduler.soon(() => {
          if (failure()) fail('EIO: i/o error')
          durable = bytes.length
        }),
      close: async () => undefined,
    }),
    loseWhatIsNotSynced: () => {
      const loose = Buffer.concat([bytes.subarray(durable), inFlight])
      const kept = Buffer.from(loose.subarray(0, dice.pick([0, loose.length, dice.below(loose.length + 1)])))
      const hole = dice.below(kept.length + 1)
      if (dice.chance(0.3)) kept.fill(0, hole, Math.min(kept.length, hole + 2 + dice.below(400)))
      bytes = Buffer.concat([bytes.subarray(0, durable), kept])
    },
  }
}
