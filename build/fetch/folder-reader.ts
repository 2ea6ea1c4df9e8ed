import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** What stood at a path. */
export type FileRead =
  | { readonly status: 'found'; readonly bytes: Uint8Array }
  | { readonly status: 'missing' }
  | { readonly status: 'outside' }
  | { readonly status: 'too-large' }

/** Reads files at relative paths. */
export type FileReader = (path: string) => Promise<FileRead>

/** Reads below a folder and nowhere else, whatever `..` or links a path goes through. */
export function folderReader(folder: string, maxBytes: number): FileReader {
  return async (path) => {
    try {
      const root = await realpath(folder)
      const file = await realpath(join(root, path))
      if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return { status: 'outside' }
      return await readBounded(file, maxBytes)
    } catch {
      return { status: 'missing' }
    }
  }
}

async function readBounded(file: string, maxBytes: number): Promise<FileRead> {
  const stats = await stat(file)
  // A pipe or a device would be waited for without end.
  if (!stats.isFile()) return { status: 'missing' }
  if (stats.size > maxBytes) return { status: 'too-large' }
  return { status: 'found', bytes: await readFile(file) }
}
