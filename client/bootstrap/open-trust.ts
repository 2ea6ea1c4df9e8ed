import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { parsePublicKey, publicKeyLine } from '../../schemas/public-key.ts'
import { artifactCache } from './artifact-cache.ts'
import type { UserFolders } from './config.ts'
import { pointerMemory } from './pointer-memory.ts'
import type { Trust } from './trust.ts'

export interface TrustSettings extends Pick<Trust, 'now' | 'notice'> {
  /** A key as `mill keygen` prints it, or the file that holds it. */
  readonly key: string
  readonly cwd: string
  readonly folders: UserFolders
}

/** Trust, and the key as one line, by which it can be opened again. */
export interface OpenTrust extends Trust {
  readonly line: string
}

/**
 * Holds servers to a key, with what earlier runs of this user have seen.
 * @throws {CommandError} `trust/key`
 */
export async function openTrust({ key: named, cwd, folders, ...rest }: TrustSettings): Promise<OpenTrust> {
  const text = parsePublicKey(named) ? named : await readFile(resolve(cwd, named), 'utf8').catch(() => '')
  const key = parsePublicKey(text)
  if (key === undefined) {
    throw new CommandError(
      'trust/key',
      `Cannot hold a server to the key "${named}": expected "ed25519:<44 letters>" as mill keygen prints it, or the file that holds it`,
      { exit: EXIT.usage },
    )
  }
  return {
    ...rest,
    key,
    line: publicKeyLine(key.key),
    memory: pointerMemory(`${folders.state}/pointers`),
    cache: artifactCache(`${folders.cache}/artifacts`),
  }
}
