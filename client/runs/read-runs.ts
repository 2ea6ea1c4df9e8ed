import { lstat, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CommandError } from '../../schemas/cli.ts'
import type { RunEvent } from '../../schemas/run-event.ts'
import { type RunFileOptions, runOptionsSchema } from '../../schemas/run-options.ts'
import { replay } from '../queue/journal-lines.ts'
import { apply, emptyQueue, IllegalTransitionError, type Queue } from '../queue/queue.ts'
import type { RunRecord } from './run-record.ts'

/** The time a run was begun, then four letters; what is called otherwise is nobody's run. */
const RUN_ID = /^[0-9]{8}-[0-9]{9}-[0-9a-f]{4}$/

/** Ids of the folders that may be runs, oldest first; empty where there are none. Nothing is locked or changed. */
export async function runIds(app: string): Promise<string[]> {
  const entries = await readdir(runsFolder(app), { withFileTypes: true }).catch(() => [])
  return entries
    .flatMap((entry) => (entry.isDirectory() && RUN_ID.test(entry.name) ? [entry.name] : []))
    .sort()
}

/** One run of an app, whatever state its folder is in; undefined when the folder holds no journal of a run. */
export function readRun(app: string, id: string): Promise<RunRecord | undefined> {
  return readRunFolder(join(runsFolder(app), id))
}

/** A run by its folder, wherever it lies. */
export async function readRunFolder(path: string): Promise<RunRecord | undefined> {
  const bytes = await plainFile(join(path, 'audit.jsonl'))
  if (bytes === undefined) return undefined
  const { events, queue, damage } = soundPart(bytes)
  if (queue.started === null && damage === null) return undefined
  const options = await readOptions(join(path, 'options.json'))
  return {
    id: basename(path),
    path,
    events,
    queue,
    damage,
    options,
    isAlive: options !== null && isAlive(options.pid),
  }
}

function runsFolder(app: string): string {
  return join(app, '.mill', 'runs')
}

/** What somebody else put in its place, such as a pipe that never ends, is not opened. */
async function plainFile(path: string): Promise<Buffer | undefined> {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile()) return undefined
  return readFile(path).catch(() => undefined)
}

type Sound = Pick<RunRecord, 'events' | 'queue' | 'damage'>

/** The lines up to the first that is not as it was written, or that no run would have written there. */
function soundPart(bytes: Buffer): Sound {
  const whole = read(bytes)
  if (!(whole instanceof Error)) return played(whole, null)
  const ends = [...bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []))
  let good = 0
  for (let bad = ends.length; good + 1 < bad; ) {
    const middle = (good + bad) >> 1
    if (read(bytes.subarray(0, ends[middle - 1])) instanceof Error) bad = middle
    else good = middle
  }
  const rest = read(bytes.subarray(0, ends[good - 1] ?? 0))
  return played(rest instanceof Error ? [] : rest, `line ${good + 1} of its journal is not as it was written`)
}

function read(bytes: Buffer): readonly RunEvent[] | CommandError {
  try {
    return replay(bytes, 'audit.jsonl').events
  } catch (error) {
    if (error instanceof CommandError) return error
    throw error
  }
}

function played(events: readonly RunEvent[], damage: string | null): Sound {
  let queue: Queue = emptyQueue
  for (const [index, event] of events.entries()) {
    try {
      queue = apply(queue, event)
    } catch (error) {
      if (!(error instanceof IllegalTransitionError)) throw error
      return {
        events: events.slice(0, index),
        queue,
        damage: `line ${index + 1} of its journal tells what cannot be: ${error.message}`,
      }
    }
  }
  return { events, queue, damage }
}

async function readOptions(file: string): Promise<RunFileOptions | null> {
  const bytes = await plainFile(file)
  try {
    return runOptionsSchema.parse(JSON.parse(String(bytes)))
  } catch {
    return null
  }
}

/** A signal 0 only asks; who may not be asked is there. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
