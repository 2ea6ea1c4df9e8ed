import type { BigIntStats } from 'node:fs'
import { type Disk, disk } from '../disk.ts'

/** A disk that reads again only what may have changed; what has not is the very same bytes as before. */
export interface RememberingDisk extends Disk {
  /** Forgets every file that was not read since the last call. */
  readonly forget: () => void
}

/**
 * How long before it was read a file must have been written for its times to be believed. Two writes within one tick
 * of the file system's clock look the same from outside, and that clock may tick every other second.
 */
const TICK_MS = 2_000

/** What was not read for so long is read again, whatever the file system says of it. */
const MAX_AGE_MS = 60_000

interface Known {
  readonly mark: string
  readonly bytes: Uint8Array
  readonly readAt: number
  /** False while another write could have left the same mark. */
  readonly isSure: boolean
}

/** Nothing is remembered at first. `now` is milliseconds since the epoch, as files have it. */
export function rememberingDisk(now: () => number = Date.now, below: Disk = disk): RememberingDisk {
  const known = new Map<string, Known>()
  let asked = new Set<string>()
  return {
    ...below,
    read: (path, limit) => {
      asked.add(path)
      const stats = below.look(path)
      const before = known.get(path)
      const readAt = now()
      const mark = stats && markOf(stats)
      if (before?.isSure && before.mark === mark && Math.abs(readAt - before.readAt) < MAX_AGE_MS)
        return before.bytes
      known.delete(path)
      const bytes = below.read(path, limit)
      if (!(bytes instanceof Uint8Array) || stats === undefined || mark === undefined) return bytes
      const same = before !== undefined && Buffer.compare(before.bytes, bytes) === 0 ? before.bytes : bytes
      known.set(path, { mark, bytes: same, readAt, isSure: readAt - writtenAt(stats) > TICK_MS })
      return same
    },
    forget: () => {
      for (const path of known.keys()) if (!asked.has(path)) known.delete(path)
      asked = new Set()
    },
  }
}

/** The time of the inode cannot be set by anybody, that of the content can. */
function markOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

function writtenAt({ mtimeMs, ctimeMs }: BigIntStats): number {
  return Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs)
}
