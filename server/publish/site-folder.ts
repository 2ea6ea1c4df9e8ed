import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '../../build/folder.ts'
import { digestOf } from '../../schemas/digest.ts'
import type { Part } from './static-tree.ts'

/** A folder that a web server serves while it is written to. */
export interface SiteFolder {
  /** Writes what is not there yet, each file whole or not at all. When it resolves, all of it is on the disk. */
  readonly write: (part: Part) => Promise<void>
  /** Takes files away; those that are not there are no problem. */
  readonly remove: (paths: readonly string[]) => Promise<void>
  /** Ends the writing; what it needed beside the files is gone. */
  readonly close: () => Promise<void>
  /** Files written and removed so far. */
  readonly counts: { written: number; removed: number }
}

/** Files are made in here, then moved; the leading dot keeps web servers from listing it as content. */
const WORKSHOP = '.mill-publish'
/** Files written at the same time. */
const WRITERS = 8

/** Opens a folder for writing; what an interrupted writer left in it is swept away. */
export async function openSiteFolder(dir: string): Promise<SiteFolder> {
  const workshop = join(dir, WORKSHOP)
  await rm(workshop, { recursive: true, force: true })
  await mkdir(workshop, { recursive: true })
  const counts = { written: 0, removed: 0 }
  /** Digest → path of a file that was seen to hold these bytes. */
  const known = new Map<string, string>()
  const put = async (path: string, bytes: Uint8Array) => {
    const target = join(dir, path)
    const digest = digestOf(bytes)
    const there = await readFile(target).catch(() => undefined)
    if (there === undefined || Buffer.compare(there, bytes) !== 0) {
      const fresh = join(workshop, randomUUID())
      await make({ fresh, bytes, same: known.get(digest) })
      await mkdir(dirname(target), { recursive: true })
      await rename(fresh, target)
      counts.written += 1
    }
    known.set(digest, target)
  }
  return {
    counts,
    write: async (part) => {
      const before = counts.written
      const queue = part.values()
      const work = async () => {
        for (const { path, bytes } of queue) await put(path, bytes)
      }
      await Promise.all(Array.from({ length: WRITERS }, work))
      if (counts.written > before) await syncFolders(dir, part)
    },
    remove: async (paths) => {
      for (const path of paths) {
        await rm(join(dir, path), { recursive: true, force: true })
        counts.removed += 1
      }
    },
    close: async () => rmdir(workshop).catch(() => undefined),
  }
}

interface Making {
  readonly fresh: string
  readonly bytes: Uint8Array
  /** Where a file stands that holds these bytes already. */
  readonly same: string | undefined
}

/** One copy serves under all its names; a file system without hard links gets as many copies. */
async function make({ fresh, bytes, same }: Making): Promise<void> {
  if (same !== undefined && (await linked(same, fresh))) return
  await writeFile(fresh, bytes, { flag: 'wx', flush: true })
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    () => false,
  )
}

async function syncFolders(dir: string, part: Part): Promise<void> {
  const folders = new Set<string>()
  for (const { path } of part) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder)
  }
  for (const folder of [...folders, '.']) await syncFolder(join(dir, folder))
}

/** Releases that a folder holds. */
export async function releasesIn(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, 'v')).catch(() => [])
  return names.filter((name) => /^[0-9a-f]{64}$/.test(name))
}
