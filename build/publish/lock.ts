import { access, constants, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { syncFolder } from '../folder.ts'
import { type Layout, layoutOf } from './layout.ts'

/** Another process holds a lock for longer than anyone would wait, or it cannot be had at all. */
export class LockError extends Error {
  override readonly name = 'LockError'
  readonly code = 'ELOCKED'
}

/** What nobody else may do something to meanwhile. */
export interface Lock {
  /** File whose folder is there; always empty. */
  readonly file: string
  /** Such as `the store "x"`. */
  readonly what: string
}

/** How long a lock is waited for. A publication takes milliseconds, the first one of a large tree seconds. */
const PATIENCE_MS = 60_000
const BUSY = 5

/** Work under one lock within this process, one after the other. */
const turns = new Map<string, Promise<unknown>>()

/**
 * Does something under a lock, which nobody else holds meanwhile, in this process or another. The lock is an open
 * transaction on an empty database: the kernel frees it when its holder dies, however it dies, and there is nothing in
 * it to rot.
 *
 * @throws {LockError} when the lock cannot be had.
 */
export async function whileLocked<T>(lock: Lock, work: () => Promise<T>, patience = PATIENCE_MS): Promise<T> {
  const key = resolve(lock.file)
  const turn = (turns.get(key) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => locked(lock, work, patience))
  turns.set(key, turn)
  try {
    return await turn
  } finally {
    if (turns.get(key) === turn) turns.delete(key)
  }
}

/**
 * Does something to a store that nobody else writes to meanwhile.
 *
 * @throws {LockError} when the lock cannot be had.
 */
export async function withLock<T>(
  store: string,
  work: (layout: Layout) => Promise<T>,
  patience = PATIENCE_MS,
): Promise<T> {
  const layout = layoutOf(store)
  await makeFolders(layout)
  return await whileLocked(
    { file: layout.lock, what: `the store "${layout.root}"` },
    () => work(layout),
    patience,
  )
}

async function locked<T>(lock: Lock, work: () => Promise<T>, patience: number): Promise<T> {
  const held = await take(lock, performance.now() + patience)
  try {
    return await work()
  } finally {
    held.close()
  }
}

async function makeFolders({ root, objects, releases, channels, history, drafts }: Layout): Promise<void> {
  let made = false
  for (const folder of [root, objects, releases, channels, history, drafts]) {
    if ((await mkdir(folder, { recursive: true })) !== undefined) made = true
  }
  if (made) await syncFolder(root)
  await access(root, constants.W_OK)
}

async function take(lock: Lock, deadline: number): Promise<DatabaseSync> {
  for (;;) {
    const database = tryLock(lock)
    if (database !== undefined) return database
    if (performance.now() >= deadline) {
      throw new LockError(`Cannot use ${lock.what}: another process is writing to it, expected it to end`)
    }
    await sleep(1 + Math.random() * 9)
  }
}

/** Never waits inside SQLite, which would keep the whole process waiting. */
function tryLock({ file, what }: Lock): DatabaseSync | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (cause) {
    database?.close()
    if ((cause as { errcode?: number }).errcode === BUSY) return undefined
    const reason = (cause as Error).message
    throw new LockError(`Cannot lock ${what}: ${reason}, expected "${file}" to be an empty file or absent`, {
      cause,
    })
  }
}
