import { glob, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { findRun } from '../runs/find-run.ts'
import { readRunFolder, runIds } from '../runs/read-runs.ts'
import type { RunRecord } from '../runs/run-record.ts'

export interface FoundRuns {
  readonly records: readonly RunRecord[]
  /** Folders that hold no journal of a run. */
  readonly foreign: readonly string[]
}

export interface FindRuns {
  /** Run folders, apps, patterns for either, or ids of runs of `app`; none stands for all of its runs. */
  readonly words: readonly string[]
  /** Absolute. */
  readonly app: string
  readonly cwd: string
}

/**
 * Reads the runs that are meant, each once, oldest first. Nothing is locked or changed.
 * @throws CommandError `compare/not-found` or `runs/…` quoting a word that means no run
 */
export async function findRuns({ words, app, cwd }: FindRuns): Promise<FoundRuns> {
  const folders = new Set<string>()
  for (const folder of words.length === 0 ? await runsOf(app) : []) folders.add(folder)
  for (const word of words) for (const folder of await meant(word, { app, cwd })) folders.add(folder)
  const records: RunRecord[] = []
  const foreign: string[] = []
  for (const folder of folders) {
    const record = await readRunFolder(folder)
    if (record) records.push(record)
    else foreign.push(folder)
  }
  return { records: records.sort((a, b) => (a.id < b.id ? -1 : 1)), foreign }
}

async function meant(word: string, { app, cwd }: Omit<FindRuns, 'words'>): Promise<readonly string[]> {
  const path = resolve(cwd, word)
  if (await isThere(path)) return inFolder(path, word)
  if (/[*?[{]/.test(word)) {
    const paths = await Array.fromAsync(glob(word, { cwd }))
    const found = await Promise.all(paths.sort().map((match) => runsAt(resolve(cwd, match))))
    if (found.flat().length > 0) return found.flat()
    throw notFound(word, 'nothing with a run matches it')
  }
  if (word.includes('/')) throw notFound(word, 'it is not there')
  return [join(app, '.mill', 'runs', findRun(word, await runIds(app)))]
}

async function inFolder(path: string, word: string): Promise<readonly string[]> {
  const found = await runsAt(path)
  if (found.length > 0) return found
  throw notFound(word, 'it holds no runs')
}

/** The folder itself, when it is that of a run; else the runs of the app it is. */
async function runsAt(path: string): Promise<readonly string[]> {
  return (await isThere(join(path, 'audit.jsonl'))) ? [path] : runsOf(path)
}

async function runsOf(app: string): Promise<readonly string[]> {
  return (await runIds(app)).map((id) => join(app, '.mill', 'runs', id))
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function notFound(word: string, why: string): CommandError {
  return new CommandError(
    'compare/not-found',
    `Cannot compare "${word}": ${why}; expected a run folder, an app with runs, a pattern for either, or the id of a run`,
    { exit: EXIT.usage },
  )
}
