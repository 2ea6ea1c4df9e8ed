import { randomUUID } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { InstalledSkill } from '../prompts/registry.ts'
import { checkText } from './check-text.ts'
import { checkPaths, pathProblem, refusal } from './paths.ts'
import type { SkillFiles } from './unzip.ts'

export interface InstallerOptions {
  /** Absolute path of the app's folder. */
  readonly app: string
  /** Absolute path of the folder that holds one folder per skill; inside the app. */
  readonly skillsFolder: string
}

/** Installs one skill. Called again with the same id, it answers with the same promise. */
export type Installer = (id: string, files: () => Promise<SkillFiles>) => Promise<InstalledSkill>

/** An installer that asks for each skill's files once, however often the skill is wanted. */
export function installer(options: InstallerOptions): Installer {
  const flights = new Map<string, Promise<InstalledSkill>>()
  return (id, files) => {
    const flight = flights.get(id) ?? files().then((found) => install(id, found, options))
    flights.set(id, flight)
    return flight
  }
}

/**
 * Writes a skill beside its place and renames it there, so it exists whole or not at all.
 * What an earlier run of the same installer left in its place is replaced.
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
  if (!(await isSame(target, files))) await replace(target, files)
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

async function replace(target: string, files: SkillFiles): Promise<void> {
  const beside = join(dirname(target), `.${randomUUID()}`)
  const staged = join(beside, 'new')
  try {
    for (const [path, bytes] of files) {
      const file = join(staged, ...path.split('/'))
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes, { flag: 'wx', mode: 0o644 })
    }
    await rename(target, join(beside, 'old')).catch(ignoreMissing)
    await rename(staged, target).catch(async (error: unknown) => {
      await rename(join(beside, 'old'), target).catch(ignoreMissing)
      throw error
    })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

async function isSame(target: string, files: SkillFiles): Promise<boolean> {
  const found = await readdir(target, { recursive: true, withFileTypes: true }).catch(() => [])
  const present = found.filter((entry) => !entry.isDirectory())
  if (present.length !== files.size || !present.every((entry) => entry.isFile())) return false
  for (const entry of present) {
    const path = join(entry.parentPath, entry.name)
    const wanted = files.get(relative(target, path).split(sep).join('/'))
    if (wanted === undefined || !(await readFile(path)).equals(wanted)) return false
  }
  return true
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
