import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { SKIPPED_FOLDERS } from './names.ts'

const MAX_ENTRIES = 50_000

/**
 * Paths of the files below `root`, relative, forward slashes, sorted within each folder. Links are not followed;
 * folders of installed or generated code are left out, unless the walk starts in one.
 */
export async function* walk(root: string): AsyncGenerator<string> {
  const waiting = ['']
  let seen = 0
  while (seen < MAX_ENTRIES) {
    const folder = waiting.pop()
    if (folder === undefined) return
    const { files, folders } = await list(join(root, folder))
    const prefix = folder === '' ? '' : `${folder}/`
    yield* files.slice(0, MAX_ENTRIES - seen).map((name) => prefix + name)
    seen += files.length + folders.length
    waiting.push(...folders.reverse().map((name) => prefix + name))
  }
}

async function list(folder: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = []
  const folders: string[] = []
  const entries = await opendir(folder).catch(() => undefined)
  for await (const entry of entries ?? []) {
    if (entry.isFile()) files.push(entry.name)
    if (entry.isDirectory() && !SKIPPED_FOLDERS.includes(entry.name)) folders.push(entry.name)
  }
  return { files: files.sort(), folders: folders.sort() }
}
