import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** A file by its path inside a folder. */
export interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
  /** Where a file may stand that holds these bytes already and reaches the disk no more. */
  readonly same?: string | undefined
}

/** Temporary folders that this process is writing. */
const writing = new Set<string>()
const TEMPORARY = /^\.mill-(\d+)-([0-9a-f-]{36})$/

/**
 * Writes files as the whole content of a folder: a reader, or a machine that loses power, finds the old folder
 * or the new one. What interrupted writers have left beside it is swept away.
 */
export async function writeFolder(files: Iterable<NamedBytes>, outDir: string): Promise<void> {
  const target = resolve(outDir)
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  await sweep(parent)
  const fresh = temporary()
  const old = temporary()
  try {
    await writeAll(files, join(parent, fresh))
    const replaced = await moveAside(target, join(parent, old))
    await rename(join(parent, fresh), target).catch(async (error) => {
      if (replaced) await rename(join(parent, old), target)
      throw error
    })
    await syncFolder(parent)
  } finally {
    for (const name of [fresh, old]) {
      await rm(join(parent, name), { recursive: true, force: true })
      writing.delete(name)
    }
  }
}

/** Makes renames and new names in a folder survive a loss of power. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function temporary(): string {
  const name = `.mill-${process.pid}-${randomUUID()}`
  writing.add(name)
  return name
}

async function writeAll(files: Iterable<NamedBytes>, dir: string): Promise<void> {
  const all = [...files]
  const folders = new Set([dir, ...all.map(({ name }) => dirname(join(dir, name)))])
  for (const folder of folders) await mkdir(folder, { recursive: true })
  const queue = all.values()
  const work = async () => {
    for (const file of queue) {
      const path = join(dir, file.name)
      if (!(await linked(file, path))) await writeFile(path, file.bytes, { flag: 'wx', flush: true })
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, work))
  for (const folder of folders) await syncFolder(folder)
}

/** Files written at the same time. */
const WRITERS = 8

async function linked({ bytes, same }: NamedBytes, path: string): Promise<boolean> {
  if (same === undefined) return false
  try {
    if (Buffer.compare(await readFile(same), bytes) !== 0) return false
    await link(same, path)
    return true
  } catch {
    return false
  }
}

async function moveAside(target: string, aside: string): Promise<boolean> {
  try {
    await rename(target, aside)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = TEMPORARY.exec(name)?.[1]
    if (pid === undefined || writing.has(name) || isAlive(Number(pid))) continue
    await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  // A name with this process's own id that it is not writing is an earlier process's.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
