import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '../folder.ts'
import type { Layout } from './layout.ts'

/** Puts files in their place, each whole or not at all. */
export interface Draft {
  /** `fast`: its loss costs no more than making it again, so it is not fsynced. */
  readonly put: (path: string, bytes: Uint8Array | string, fast?: 'fast') => Promise<void>
  /** Makes what was put survive a loss of power. What is put afterwards reaches the disk after it. */
  readonly settle: () => Promise<void>
}

/**
 * Lets the holder of the lock write. What stands in the folder of drafts was left by somebody who was interrupted:
 * it is swept away, and told, since there may be more that nobody names.
 */
export async function withDraft<T>(
  { drafts }: Layout,
  work: (draft: Draft, interrupted: boolean) => Promise<T>,
): Promise<T> {
  const left = await readdir(drafts)
  for (const name of left) await rm(join(drafts, name), { recursive: true, force: true })
  const own = join(drafts, 'now')
  await mkdir(own)
  try {
    return await work(draftIn(own), left.length > 0)
  } finally {
    await rm(own, { recursive: true, force: true }).catch(() => undefined)
  }
}

function draftIn(folder: string): Draft {
  const touched = new Set<string>()
  let written = 0
  return {
    put: async (path, bytes, fast) => {
      written += 1
      const fresh = join(folder, String(written))
      await writeFile(fresh, bytes, { flag: 'wx', flush: fast === undefined })
      await rename(fresh, path)
      touched.add(dirname(path))
    },
    settle: async () => {
      for (const folder of touched) await syncFolder(folder)
      touched.clear()
    },
  }
}
