import { type FileHandle, open } from 'node:fs/promises'

const CANNOT_SYNC: readonly (string | undefined)[] = ['EINVAL', 'EPERM', 'EISDIR', 'EACCES']

/** What is new in a folder survives a loss of power only once the folder is on disk too; some systems cannot sync one. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    if (!CANNOT_SYNC.includes((error as NodeJS.ErrnoException).code)) throw error
  } finally {
    await handle?.close()
  }
}
