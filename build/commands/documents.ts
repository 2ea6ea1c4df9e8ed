import { resolve } from 'node:path'
import { Option } from 'commander'
import type { CliIo } from '../../schemas/cli.ts'
import { defaultCache } from '../fetch/default-cache.ts'
import type { FetchTreeOptions } from '../fetch/fetch-tree.ts'

/** What a person may say of how remote documents are come by. */
export interface DocumentFlags {
  readonly offline?: true
  readonly docsFrom?: string
  readonly cache?: string
  readonly updateLock?: true
}

/** `--offline`, `--docs-from`, `--cache`. */
export function documentOptions(): Option[] {
  return [
    new Option('--offline', 'never use the network: remote documents come from the cache'),
    new Option(
      '--docs-from <folder|origin>',
      'preview: answer remote documents from <folder>/<host>/<path> (also with .md; index.md for a folder; <path>@<query> for a query) or from another origin; content.lock is not used',
    ),
    new Option(
      '--cache <dir>',
      'folder for copies of remote documents (default: in the cache folder of the user)',
    ),
  ]
}

/** `--update-lock`. */
export function updateLockOption(): Option {
  return new Option(
    '--update-lock',
    'accept what remote documents say now, and write that to content.lock',
  ).conflicts(['offline', 'docsFrom'])
}

/** The flags as the fetch stage understands them. */
export function fetchOptionsOf(io: CliIo, flags: DocumentFlags): Omit<FetchTreeOptions, 'root'> {
  const docsFrom = flags.docsFrom
  const isFolder = docsFrom !== undefined && !/^https?:\/\//i.test(docsFrom)
  return {
    cache: flags.cache === undefined ? defaultCache(io.env, io.cwd) : resolve(io.cwd, flags.cache),
    offline: flags.offline === true,
    updateLock: flags.updateLock === true,
    docsFrom: isFolder ? resolve(io.cwd, docsFrom) : docsFrom,
    signal: io.signal,
  }
}
