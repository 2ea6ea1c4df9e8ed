import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder, and the paths below it that matter: of files, and of the folders that hold them. */
export interface WatchedFolder {
  readonly dir: string
  readonly accepts: (path: string) => boolean
}

/** Changes whenever a file that matters is added, removed or written; empty when there is no folder. Reads no file. */
export async function treeSignature(folder: WatchedFolder): Promise<string> {
  const lines: string[] = []
  await look(folder, '', lines)
  return lines.sort().join('\n')
}

async function look(watched: WatchedFolder, folder: string, lines: string[]): Promise<void> {
  const entries = await readdir(join(watched.dir, folder), { withFileTypes: true }).catch(() => [])
  await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (!watched.accepts(path)) return
      if (entry.isDirectory()) return look(watched, path, lines)
      const stats = await lstat(join(watched.dir, path)).catch(() => undefined)
      if (stats !== undefined)
        lines.push(`${path} ${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`)
    }),
  )
}
