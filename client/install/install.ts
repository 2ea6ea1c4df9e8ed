import { lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { InstalledSkill } from '../prompts/registry.ts'
import { checkText } from './check-text.ts'
import { checkPaths, pathProblem, refusal } from './paths.ts'
import type { SkillFiles } from './unzip.ts'

export interface InstallerOptions {
  /** Absolute path of the app's folder. */
  readonly app: string
  /** Absolute path of the folder that holds one folder per skill; inside the app, and of this process alone. */
  readonly skillsFolder: string
}

/** Installs one skill. Called again with the same id, it answers with the same promise, unless that was refused. */
export type Installer = (id: string, files: () => Promise<SkillFiles>) => Promise<InstalledSkill>

/** How folders of skills that are not whole yet are called. */
const STAGING = '.new-'

/** An installer that asks for each skill's files once, however often the skill is wanted. */
export function installer(options: InstallerOptions): Installer {
  const flights = new Map<string, Promise<InstalledSkill>>()
  let swept: Promise<void> | undefined
  return (id, files) => {
    const known = flights.get(id)
    if (known !== undefined) return known
    swept ??= sweep(options.skillsFolder)
    const flight = Promise.all([files(), swept]).then(([found]) => install(id, found, options))
    flights.set(id, flight)
    flight.catch(() => flights.delete(id))
    return flight
  }
}

/** Takes away what an installation that was killed has left. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => name.startsWith(STAGING))
  // A skill is installed with or without them.
  await Promise.all(
    left.map((name) => rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)),
  )
}

/**
 * Writes a skill beside its place and renames it there, so it exists whole or not at all. A skill that is there
 * already is left as it is; one that differs from what is to be installed is not overwritten.
 * @throws {CommandError} `install/<problem>`; nothing is left behind
 */
export async function install(
  id: string,
  files: SkillFiles,
  options: InstallerOptions,
): Promise<InstalledSkill> {
  const paths = [...files.keys()].sort()
  checkPaths(id, paths)
  checkText(id, files)
  const target = await safeTarget(id, options)
  await place({ id, target, files }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined || error.errno === undefined) throw error
    throw refusal(id, 'unwritable', `the disk answered ${error.code} to ${error.syscall}`, error)
  })
  return { id, folder: relative(options.app, target).split(sep).join('/'), files: paths }
}

/** The skill's folder, once it is sure that no link leads it elsewhere. */
async function safeTarget(id: string, options: InstallerOptions): Promise<string> {
  const target = join(options.skillsFolder, id)
  const parts = relative(options.app, target).split(sep)
  if (parts.includes('..') || pathProblem(id) !== null || id.includes('/')) {
    throw refusal(id, 'outside', `"${target}" is not below "${options.app}"`)
  }
  for (const index of parts.keys()) {
    const path = join(options.app, ...parts.slice(0, index + 1))
    const stats = await lstat(path).catch(() => null)
    // A link is not a folder to lstat, wherever it leads.
    if (stats === null || stats.isDirectory()) continue
    const what = stats.isSymbolicLink() ? 'a link' : 'not a folder'
    throw refusal(id, 'linked-target', `"${path}" is ${what}`)
  }
  return target
}

interface Placing {
  readonly id: string
  readonly target: string
  readonly files: SkillFiles
}

async function place({ id, target, files }: Placing): Promise<void> {
  const present = await listed(target)
  if (present === null) return write(target, files)
  const edited = await firstDifference(target, { present, files })
  if (edited === null) return
  throw refusal(
    id,
    'edited',
    `"${join(target, edited)}" is not as it was installed, and is not overwritten; delete "${target}" to have it anew`,
  )
}

async function write(target: string, files: SkillFiles): Promise<void> {
  const staged = join(dirname(target), STAGING + basename(target))
  try {
    await rm(staged, { recursive: true, force: true })
    const folders = new Set([staged])
    for (const [path, bytes] of files) {
      const file = join(staged, ...path.split('/'))
      folders.add(dirname(file))
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes, { flag: 'wx', mode: 0o644, flush: true })
    }
    // Names as well as bytes, or a power cut could leave a skill that looks as if somebody had edited it.
    for (const folder of folders) await syncFolder(folder)
    await rename(staged, target)
  } catch (error) {
    // Why it failed is what counts, not that cleaning up fails too.
    await rm(staged, { recursive: true, force: true }).catch(() => undefined)
    throw error
  }
}

/** Where folders cannot be synced, their names are as safe as they can be. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync().catch(() => undefined)
  } finally {
    await folder.close()
  }
}

/** Everything below a folder but folders, by path; null when there is no such folder. */
async function listed(target: string): Promise<ReadonlyMap<string, boolean> | null> {
  try {
    const found = await readdir(target, { recursive: true, withFileTypes: true })
    return new Map(
      found
        .filter((entry) => !entry.isDirectory())
        .map((entry) => {
          const path = relative(target, join(entry.parentPath, entry.name))
          return [path.split(sep).join('/'), entry.isFile()]
        }),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

interface Comparison {
  /** Path to whether it is a plain file. */
  readonly present: ReadonlyMap<string, boolean>
  readonly files: SkillFiles
}

/** The first path that is missing, too many, or not what is to be installed; null when there is none. */
async function firstDifference(target: string, { present, files }: Comparison): Promise<string | null> {
  for (const path of present.keys()) if (!files.has(path)) return path
  for (const [path, wanted] of files) {
    if (present.get(path) !== true) return path
    if (!(await readFile(join(target, path))).equals(wanted)) return path
  }
  return null
}
