import { DatabaseSync } from 'node:sqlite'

/** Held until it is released, or until its holder is gone, however it went. */
export interface RunLock {
  readonly release: () => void
}

const BUSY = 5

/** Takes the lock on `file`; null when someone holds it. An open transaction dies with its process; a lock file would stay. */
export function takeLock(file: string): RunLock | null {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === BUSY) return null
    throw error
  }
  return { release: () => database.close() }
}
