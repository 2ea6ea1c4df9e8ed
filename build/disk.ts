import type { BigIntStats, Dirent } from 'node:fs'
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'

/**
 * How a tree is read. Every call is done when it returns: a small file is read faster than it is waited for, so
 * whoever must not wait reads in a thread of its own.
 */
export interface Disk {
  /** What a folder holds. @throws what the system says when it cannot be listed. */
  readonly list: (folder: string) => readonly Dirent[]
  /** What stands at a path, no link followed; undefined when nothing can be seen there. */
  readonly look: (path: string) => BigIntStats | undefined
  /** A file, no link followed; its size when that is over the limit. @throws what the system says when it cannot be read. */
  readonly read: (path: string, limit: number) => Uint8Array | { readonly size: number }
}

/** The disk of this machine as it is at each call. */
export const disk: Disk = {
  list: (folder) => readdirSync(folder, { withFileTypes: true }),
  look: (path) => {
    try {
      return lstatSync(path, { bigint: true, throwIfNoEntry: false })
    } catch {
      return undefined
    }
  },
  read: (path, limit) => {
    const file = openSync(path, HOW)
    try {
      const stats = fstatSync(file)
      if (!stats.isFile()) throw Object.assign(new Error(`"${path}" is no file`), { code: 'ENOTFILE' })
      return stats.size > limit ? { size: stats.size } : readAll(file, stats.size)
    } finally {
      closeSync(file)
    }
  },
}

/** A link or a pipe that took the place of a file is neither followed nor waited for. */
const HOW = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** As much of a file as was there when it was opened, and no more: it may grow while it is read. */
function readAll(file: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size)
  let at = 0
  while (at < size) {
    const count = readSync(file, bytes, at, size - at, null)
    if (count === 0) return bytes.subarray(0, at)
    at += count
  }
  return bytes
}
