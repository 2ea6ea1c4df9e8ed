import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../../schemas/cli.ts'

/** Where releases are kept, and how that folder came to be chosen. */
export interface StorePlace {
  /** Folder given by `--store`. */
  readonly chosen: string | undefined
  /** Folder that brings the default store: the top level of the repository, or the content folder's parent. */
  readonly home: string
}

/**
 * Makes the store's folder and tells where it is. The default one is `.mill/store`, and its `.mill` keeps itself out
 * of version control.
 *
 * @throws {CommandError} `store/unwritable`
 */
export async function storeFolder({ chosen, home }: StorePlace): Promise<string> {
  const mill = join(home, '.mill')
  const folder = chosen ?? join(mill, 'store')
  try {
    await mkdir(folder, { recursive: true })
    if (chosen === undefined) await ignoreAll(mill)
  } catch (cause) {
    throw unwritable(folder, cause)
  }
  return folder
}

async function ignoreAll(mill: string): Promise<void> {
  await writeFile(join(mill, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

function unwritable(folder: string, cause: unknown): CommandError {
  const reason = (cause as NodeJS.ErrnoException).code ?? cause
  return new CommandError(
    'store/unwritable',
    `Cannot keep releases in "${folder}": ${reason}, expected a writable folder; choose with --store <dir>`,
    { cause },
  )
}
