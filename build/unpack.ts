import { unzipSync } from 'fflate'
import { comparePaths } from './content-path.ts'

/** Files by path. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Files of one archive that are unpacked. */
const MAX_FILES = 5_000
/** Bytes that one archive may unpack to. */
const MAX_BYTES = 64 * 1024 * 1024

/** The files of an archive, sorted by path; an archive that cannot be unpacked is one file of that name. */
export function unpack(name: string, bytes: Uint8Array): Files {
  try {
    let count = 0
    let size = 0
    const files = unzipSync(bytes, {
      filter: (entry) => {
        count += 1
        size += entry.originalSize
        if (count > MAX_FILES || size > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`)
        return !entry.name.endsWith('/')
      },
    })
    return new Map(Object.entries(files).sort(([a], [b]) => comparePaths(a, b)))
  } catch {
    return new Map([[name, bytes]])
  }
}

/** Text of a file; undefined for what no reader could read. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
