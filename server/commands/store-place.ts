import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Option } from 'commander'
import { openRepository } from '../../build/git/repository.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'

/** `--store <dir>`, for commands that work on a store that is there. */
export function storeOption(): Option {
  return new Option(
    '--store <dir>',
    'folder that keeps releases (default: .mill/store at the top level of the repository)',
  )
}

/** What a person said of where the store is. */
export interface StoreFlags {
  readonly store?: string
}

/**
 * The store that `mill serve` would use here, absolute.
 *
 * @throws {CommandError} `store/missing` when nothing was ever published to it.
 */
export async function findStore(io: CliIo, { store }: StoreFlags): Promise<string> {
  const dir = store === undefined ? await defaultStore(io) : resolve(io.cwd, store)
  const there = await stat(join(dir, 'channels')).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (there) return dir
  throw new CommandError(
    'store/missing',
    `Cannot find a store in "${store ?? dir}": expected a folder that mill serve, mill dev or mill build --store has published to`,
    { exit: EXIT.usage },
  )
}

async function defaultStore(io: CliIo): Promise<string> {
  const { repository } = await openRepository(io.cwd, io.env)
  try {
    const home = repository?.topLevel ?? dirname(resolve(io.cwd, 'content'))
    return join(home, '.mill', 'store')
  } finally {
    repository?.close()
  }
}
