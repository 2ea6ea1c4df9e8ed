import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isContentPath } from '../build/content-path.ts'

/** Changes whenever a content file is added, removed or written; empty when there is no folder. Reads no file. */
export async function treeSignature(dir: string): Promise<string> {
  const lines: string[] = []
  await look(dir, '', lines)
  return lines.sort().join('\n')
}

async function look(dir: string, folder: string, lines: string[]): Promise<void> {
  const entries = await readdir(join(dir, folder), { withFileTypes: true }).catch(() => [])
  await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (!isContentPath(path)) return
      if (entry.isDirectory()) return look(dir, path, lines)
      const stats = await lstat(join(dir, path)).catch(() => undefined)
      if (stats !== undefined)
        lines.push(`${path} ${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`)
    }),
  )
}
