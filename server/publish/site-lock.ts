import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LockError, whileLocked } from '../../build/publish/lock.ts'
import { CommandError } from '../../schemas/cli.ts'

/** Always empty; it stays, since a lock that is taken away with its file could be had twice, and says whose folder it is. */
export const SITE_LOCK = '.mill-lock'

/**
 * Does something to a folder that no other publication writes to meanwhile.
 *
 * @throws {CommandError} `publish/busy` or `publish/unwritable`
 */
export async function withSite<T>(dir: string, named: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true }).catch(refuse(named))
  await access(dir, constants.W_OK).catch(refuse(named))
  return await whileLocked({ file: join(dir, SITE_LOCK), what: `the folder "${named}"` }, work).catch(
    refuse(named),
  )
}

function refuse(named: string): (cause: Error) => never {
  return (cause) => {
    if (cause instanceof LockError) throw new CommandError('publish/busy', cause.message, { cause })
    const { code, syscall } = cause as NodeJS.ErrnoException
    if (code === undefined || syscall === undefined) throw cause
    const message = `Cannot publish to "${named}": ${code}, expected a folder that can be written to; publishing again carries on`
    throw new CommandError('publish/unwritable', message, { cause })
  }
}
