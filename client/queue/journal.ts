import { fstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandError } from '../../schemas/cli.ts'
import type { RunEvent } from '../../schemas/run-event.ts'
import { encodeLines, replay } from './journal-lines.ts'

/** Where the lines go. `append` may be torn by a crash; `sync` makes what was appended durable. */
export interface JournalFile {
  readonly append: (text: string) => Promise<void>
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Whether somebody waits for it. */
export type Urgency = 'now' | 'soon'

export interface Journal {
  /** What the file held when it was opened. */
  readonly events: readonly RunEvent[]
  /**
   * Resolves when the events are on disk, in the order of the calls; those that wait share one sync. What is not
   * urgent waits a moment for something that is.
   */
  readonly append: (events: readonly RunEvent[], urgency?: Urgency) => Promise<void>
  /** Contract: nothing is appended after it. */
  readonly close: () => Promise<void>
}

/**
 * Opens the journal of a run, or begins one. What was never synced, which nobody was told of, is cut off.
 * @throws CommandError `run/journal-corrupt` when what was synced is not as it was written
 */
export async function openJournal(file: string): Promise<Journal> {
  const handle = await open(file, 'a+')
  try {
    const bytes = await handle.readFile()
    const { events, crc, length } = replay(bytes, file)
    if (length < bytes.length) await handle.truncate(length)
    await handle.sync()
    await syncFolder(dirname(file))
    return { events, ...journalOn(fileOf(handle, length), { crc, name: file }) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** What could not be written whole is taken back as far as the disk allows. */
function fileOf(handle: FileHandle, length: number): JournalFile {
  let synced = length
  let appended = 0
  const orTakeBack = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step()
    } catch (error) {
      await handle.truncate(synced).catch(() => undefined)
      throw error
    }
  }
  return {
    append: (text) =>
      orTakeBack(async () => {
        const bytes = Buffer.from(text)
        await handle.appendFile(bytes)
        appended = bytes.length
      }),
    sync: () =>
      orTakeBack(async () => {
        await handle.datasync()
        if (fstatSync(handle.fd).nlink === 0) throw new Error('it was deleted')
        synced += appended
      }),
    close: () => handle.close(),
  }
}

interface Waiting {
  readonly events: readonly RunEvent[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export interface JournalStart {
  /** Checksum of the last line. */
  readonly crc: number
  readonly name: string
  /** Calls `run` a moment later, unless it is told not to. */
  readonly later?: (run: () => void) => () => void
}

/** How long what is not urgent waits for company; milliseconds. */
const SOON = 20

/** The writing half of a journal: group commit over any file. */
export function journalOn(
  file: JournalFile,
  { crc: from, name, later = afterAMoment }: JournalStart,
): Pick<Journal, 'append' | 'close'> {
  let crc = from
  let waiting: Waiting[] = []
  let isUrgent = false
  let writing: Promise<void> | undefined
  let failure: CommandError | undefined
  let cancel: (() => void) | undefined

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      if (failure) throw failure
      const lines = encodeLines(
        batch.flatMap(({ events }) => events),
        crc,
      )
      if (lines.text !== '') {
        await file.append(lines.text)
        await file.sync()
      }
      crc = lines.crc
      for (const { resolve } of batch) resolve()
    } catch (error) {
      failure ??= unwritable(name, error)
      for (const { reject } of batch) reject(failure)
    }
  }
  const writeAll = async (): Promise<void> => {
    while (isUrgent) {
      const batch = waiting
      waiting = []
      isUrgent = false
      cancel?.()
      cancel = undefined
      await commit(batch)
    }
    writing = undefined
  }
  const flush = (): Promise<void> => {
    isUrgent = true
    // A microtask later, so that everything decided in one turn shares the first sync too.
    writing ??= Promise.resolve().then(writeAll)
    return writing
  }

  return {
    append: (events, urgency = 'now') =>
      new Promise((resolve, reject) => {
        waiting.push({ events, resolve, reject })
        if (urgency === 'now') void flush()
        else cancel ??= later(() => void flush())
      }),
    close: async () => {
      if (waiting.length > 0) await flush()
      await writing
      await file.close()
    },
  }
}

function afterAMoment(run: () => void): () => void {
  const timer = setTimeout(run, SOON)
  return () => clearTimeout(timer)
}

function unwritable(file: string, cause: unknown): CommandError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CommandError(
    'run/journal-unwritable',
    `Cannot write "${file}": ${why}. The run stops here; \`--resume\` goes on once it can be written`,
    { cause },
  )
}

const CANNOT_SYNC: readonly (string | undefined)[] = ['EINVAL', 'EPERM', 'EISDIR', 'EACCES']

/** What is new in a folder survives a loss of power only once the folder is on disk too; some systems cannot sync one. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    if (!CANNOT_SYNC.includes((error as NodeJS.ErrnoException).code)) throw error
  } finally {
    await handle?.close()
  }
}
