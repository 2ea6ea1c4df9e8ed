import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** Why a file is not changed when it is no longer as its agent knows it. */
export const CHANGED_SINCE = 'it has changed since you read it; read it again'

/** Files as one agent saw them last, so that it never changes one over the work of another. */
export interface Sightings {
  /** Without `stats` there was no such file. */
  readonly saw: (path: string, stats: BigIntStats | undefined) => void
  /** Remembers the file as it is now. */
  readonly look: (path: string) => Promise<void>
  /** True when the agent has seen the file, and it is another one by now. */
  readonly hasChanged: (path: string) => Promise<boolean>
}

/** An agent that has seen nothing yet. */
export function sightings(): Sightings {
  const seen = new Map<string, string>()
  const saw = (path: string, stats: BigIntStats | undefined) => void seen.set(path, stateOf(stats))
  return {
    saw,
    look: async (path) => saw(path, await statsOf(path)),
    hasChanged: async (path) => seen.has(path) && seen.get(path) !== stateOf(await statsOf(path)),
  }
}

function statsOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined)
}

function stateOf(stats: BigIntStats | undefined): string {
  return stats === undefined ? 'missing' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`
}
