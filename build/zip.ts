import { type Zippable, zipSync } from 'fflate'
import { comparePaths } from './content-path.ts'

/** Local time, as archives carry it: a date in UTC would give other bytes in another time zone. */
const DATE = new Date(1980, 0, 1)

/** How an archive is made. */
export interface ZipOptions {
  /** `name` unless the order of the files is a part of the format. */
  readonly order?: 'name' | 'given'
}

/** An archive of files; equal files give equal bytes. */
export function zip(
  files: Iterable<readonly [name: string, bytes: Uint8Array]>,
  { order = 'name' }: ZipOptions = {},
): Uint8Array {
  const entries = [...files]
  if (order === 'name') entries.sort(([a], [b]) => comparePaths(a, b))
  const zippable: Zippable = Object.fromEntries(
    // What is an archive already does not get smaller.
    entries.map(([name, bytes]) => [name, [bytes, { level: name.endsWith('.zip') ? 0 : 6 }]]),
  )
  return zipSync(zippable, { mtime: DATE })
}
