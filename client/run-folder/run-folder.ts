import { randomBytes } from 'node:crypto'
import { access, lstat, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import type { RunEvent } from '../../schemas/run-event.ts'
import { type Journal, openJournal, syncFolder } from '../queue/journal.ts'
import { type RunLock, takeLock } from './run-lock.ts'

export interface RunFolder {
  /** Id of the run: the time it was begun, then four letters, so that ids sort by age. */
  readonly id: string
  /** Absolute. */
  readonly path: string
  /** `audit.jsonl`: all that is certain about the run. */
  readonly journal: Journal
  /** Replaces a file of the folder, whole or not at all; `path` is relative. */
  readonly write: (path: string, text: string) => Promise<void>
  /** Lets the next run in. A run that came to nothing leaves no folder. */
  readonly close: () => Promise<void>
}

export interface RunFolderOptions {
  /** Absolute path of the app. */
  readonly app: string
  readonly flow: string
  readonly resume: boolean
  /** Id of the run to take up again; else it is the newest one that can be. */
  readonly run?: string
  readonly now: number
}

/**
 * The folder of a new run, or of the newest one of this flow that did not finish, for this process alone.
 * @throws CommandError `run/locked`, `run/nothing-to-resume`, `run/folder-unwritable` or `run/journal-corrupt`
 */
export async function openRunFolder(options: RunFolderOptions): Promise<RunFolder> {
  const { app, now } = options
  const home = join(app, '.mill')
  await makeHome(home)
  const lock = lockOf(app, join(home, 'lock'))
  try {
    await sweep(join(home, 'runs'))
    if (options.resume) return await lastUnfinished(options, lock)
    const id = await newId(join(home, 'runs'), now)
    const path = join(home, 'runs', id)
    return runFolder({ id, path, lock, journal: await newJournal(path) })
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Takes away what was killed before it was a run. Contract: the lock is held, so nobody is at work there. */
async function sweep(runs: string): Promise<void> {
  for (const id of await readdir(runs)) {
    const path = join(runs, id)
    const journal = await stat(join(path, 'audit.jsonl')).catch(() => undefined)
    if (journal?.isFile() && journal.size === 0) await rm(path, { recursive: true }).catch(() => undefined)
  }
}

async function newJournal(path: string): Promise<Journal> {
  try {
    await mkdir(path)
    const journal = await openJournal(join(path, 'audit.jsonl'))
    const runs = dirname(path)
    for (const folder of [runs, dirname(runs), dirname(dirname(runs))]) await syncFolder(folder)
    return journal
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** The run folder is scaffolding: git does not see it, whatever the app's own rules are. Nothing in it leads elsewhere. */
async function makeHome(home: string): Promise<void> {
  const ignore = join(home, '.gitignore')
  for (const folder of [home, join(home, 'runs')]) {
    await inPlace(folder, 'folder', () => mkdir(folder, { recursive: true }))
  }
  await inPlace(join(home, 'lock'), 'file', async () => undefined)
  await inPlace(ignore, 'file', () => access(ignore).catch(() => writeFile(ignore, '*\n')))
}

/** Makes what is not there, and refuses what is there as something else. */
async function inPlace(path: string, kind: 'folder' | 'file', make: () => Promise<unknown>): Promise<void> {
  try {
    const found = await lstat(path).catch(() => null)
    if (found && !(kind === 'folder' ? found.isDirectory() : found.isFile())) {
      throw new Error(`it is not a ${kind}`)
    }
    await make()
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function lockOf(app: string, file: string): RunLock {
  let lock: RunLock | null
  try {
    lock = takeLock(file)
  } catch (cause) {
    throw unwritable(file, cause)
  }
  if (lock) return lock
  throw new CommandError(
    'run/locked',
    `Cannot run in "${app}": another run is at work there. Wait until it has ended`,
  )
}

interface Parts {
  readonly id: string
  readonly path: string
  readonly lock: RunLock
  readonly journal: Journal
}

function runFolder({ id, path, lock, journal }: Parts): RunFolder {
  let used = journal.events.length > 0
  return {
    id,
    path,
    journal: {
      ...journal,
      append: (events, urgency) => {
        used = true
        return journal.append(events, urgency)
      },
    },
    write: async (name, text) => {
      const file = join(path, name)
      const write = () => writeFileAtomic(file, text, { fsync: false })
      try {
        await write().catch((error) => makeFolderOf(file, error).then(write))
      } catch (cause) {
        throw unwritable(file, cause)
      }
    },
    close: async () => {
      try {
        await journal.close()
        if (!used) await rm(path, { recursive: true, force: true })
      } finally {
        lock.release()
      }
    },
  }
}

/** One level only: a run folder that somebody deleted is not made again. */
async function makeFolderOf(file: string, error: NodeJS.ErrnoException): Promise<void> {
  if (error.code !== 'ENOENT') throw error
  await mkdir(dirname(file)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
  })
}

async function lastUnfinished({ app, flow, run }: RunFolderOptions, lock: RunLock): Promise<RunFolder> {
  const runs = join(app, '.mill', 'runs')
  let damage: CommandError | undefined
  for (const id of (await readdir(runs)).sort().reverse()) {
    if (run !== undefined && id !== run) continue
    const path = join(runs, id)
    const file = join(path, 'audit.jsonl')
    if (!(await exists(file))) continue
    const journal = await openJournal(file).catch((error: unknown) => {
      // Another run is none the worse for it; whoever named this one is told.
      if (run !== undefined || !isCorrupt(error)) throw error
      damage ??= error
    })
    if (journal && isUnfinished(journal.events, flow)) return runFolder({ id, path, lock, journal })
    await journal?.close()
  }
  if (damage) throw damage
  throw new CommandError(
    'run/nothing-to-resume',
    `Cannot resume: "${app}" has no unfinished run of flow "${flow}". Leave out --resume to begin one`,
    { exit: EXIT.usage },
  )
}

/** A run that was interrupted or stopped can go on; one that came to its end cannot. */
function isUnfinished(events: readonly RunEvent[], flow: string): boolean {
  const [first] = events
  const last = events.at(-1)
  if (first?.e !== 'run-started' || first.flow !== flow) return false
  return last?.e !== 'run-finished' || (last.resumable ?? last.verdict === 'cancelled')
}

function isCorrupt(error: unknown): error is CommandError {
  return error instanceof CommandError && error.code === 'run/journal-corrupt'
}

/** An id that sorts behind all there are, also where the clock has been set back since. */
async function newId(runs: string, now: number): Promise<string> {
  const times = (await readdir(runs)).flatMap((id) => timeOf(id) ?? [])
  return runId(times.reduce((latest, time) => Math.max(latest, time + 1), now))
}

/** Milliseconds since the epoch that a run's id begins with; undefined for what is no run's. */
function timeOf(id: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})-[0-9a-f]{4}$/.exec(id)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, ms] = parts
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
  return Number.isNaN(time) ? undefined : time
}

function runId(now: number): string {
  const time = new Date(now)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace('T', '-')
    .replace('.', '')
    .slice(0, 18)
  return `${time}-${randomBytes(2).toString('hex')}`
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function unwritable(path: string, cause: unknown): CommandError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CommandError('run/folder-unwritable', `Cannot write "${path}": ${why}`, { cause })
}
