import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { CommandError } from '../../schemas/cli.ts'
import { type RunEvent, runEventSchema } from '../../schemas/run-event.ts'

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
 * Opens the journal of a run, or begins one. A torn last line, which nobody was told of, is cut off.
 * @throws CommandError `run/journal-corrupt` when a line before the end is not as it was written
 */
export async function openJournal(file: string): Promise<Journal> {
  const handle = await open(file, 'a+')
  try {
    const bytes = await handle.readFile()
    const { events, crc, length } = replay(bytes, file)
    if (length < bytes.length) await handle.truncate(length)
    await handle.sync()
    await syncFolder(dirname(file))
    const lines = {
      append: async (text: string) => void (await handle.appendFile(text)),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    }
    return { events, ...journalOn(lines, { crc, name: file }) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

interface Waiting {
  readonly text: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** How long what is not urgent waits for company; milliseconds. */
const SOON = 20

/** The writing half of a journal: group commit over any file, continuing from the last line's checksum. */
export function journalOn(
  file: JournalFile,
  from: { readonly crc: number; readonly name: string },
): Pick<Journal, 'append' | 'close'> {
  let crc = from.crc
  let waiting: Waiting[] = []
  let isUrgent = false
  let writing: Promise<void> | undefined
  let failure: CommandError | undefined

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      if (failure) throw failure
      await file.append(batch.map(({ text }) => text).join(''))
      await file.sync()
      for (const { resolve } of batch) resolve()
    } catch (error) {
      failure ??= unwritable(from.name, error)
      for (const { reject } of batch) reject(failure)
    }
  }
  let soon: NodeJS.Timeout | undefined
  const writeAll = async (): Promise<void> => {
    while (isUrgent) {
      const batch = waiting
      waiting = []
      isUrgent = false
      clearTimeout(soon)
      soon = undefined
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
    append: (events, urgency = 'now') => {
      let text = ''
      for (const event of events) {
        const line = encodeLine(event, crc)
        crc = line.crc
        text += line.text
      }
      return new Promise((resolve, reject) => {
        waiting.push({ text, resolve, reject })
        if (urgency === 'now') void flush()
        else soon ??= setTimeout(flush, SOON)
      })
    },
    close: async () => {
      if (waiting.length > 0) await flush()
      await writing
      await file.close()
    },
  }
}

const TAIL = /,"crc":"([0-9a-f]{8})"\}$/
const TAIL_LENGTH = ',"crc":"00000000"}'.length

/** An event with a checksum that also covers every line before it, so that a line can neither change nor go missing. */
export function encodeLine(
  event: RunEvent,
  previous: number,
): { readonly text: string; readonly crc: number } {
  const body = JSON.stringify(event).slice(0, -1)
  const crc = crc32(body, previous)
  return { text: `${body},"crc":"${crc.toString(16).padStart(8, '0')}"}\n`, crc }
}

interface Replayed {
  readonly events: RunEvent[]
  readonly crc: number
  /** Bytes of the whole lines. */
  readonly length: number
}

function replay(bytes: Buffer, file: string): Replayed {
  const events: RunEvent[] = []
  let crc = 0
  let from = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
    const line = bytes.toString('utf8', from, end)
    const event = decodeLine(line, crc)
    if (!event) throw corrupt(file, events.length + 1)
    events.push(event)
    crc = Number.parseInt(TAIL.exec(line)?.[1] ?? '0', 16)
    from = end + 1
  }
  return { events, crc, length: from }
}

function decodeLine(line: string, previous: number): RunEvent | undefined {
  const claimed = TAIL.exec(line)?.[1]
  const body = line.slice(0, -TAIL_LENGTH)
  if (claimed === undefined || Number.parseInt(claimed, 16) !== crc32(body, previous)) return undefined
  try {
    return runEventSchema.parse(JSON.parse(`${body}}`))
  } catch {
    return undefined
  }
}

function corrupt(file: string, line: number): CommandError {
  return new CommandError(
    'run/journal-corrupt',
    `Cannot read line ${line} of "${file}": it is not as it was written, so what the run did is not certain. Start a new run`,
  )
}

function unwritable(file: string, cause: unknown): CommandError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CommandError(
    'run/journal-unwritable',
    `Cannot write "${file}": ${why}. The run stops here; \`--resume\` goes on once it can be written`,
    { cause },
  )
}

/** A new file survives a power loss only once its folder is on disk too; some systems cannot sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
  } finally {
    await handle?.close()
  }
}
