import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { digestOf } from '../../schemas/digest.ts'
import { artifactName } from '../../schemas/ids.ts'

const SUMS = 'SHA256SUMS'

/** True for a folder that `mill build --out` has written. */
export async function isReleaseFolder(dir: string): Promise<boolean> {
  return (await readFile(join(dir, SUMS)).catch(() => undefined)) !== undefined
}

/**
 * The files of a release that was built into a folder, every byte verified.
 *
 * @throws {CommandError} `diff/folder` when the folder does not hold what its list of digests promises.
 */
export async function readReleaseFolder(
  dir: string,
  named: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const sums = await readFile(join(dir, SUMS), 'utf8')
  const files = new Map<string, Uint8Array>()
  for (const line of sums.split('\n').filter((text) => text !== '')) {
    const [, digest, name = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    if (digest === undefined || !artifactName.safeParse(name).success) {
      throw broken(named, `the line ${JSON.stringify(line)} of ${SUMS} is not a digest and a file name`)
    }
    const bytes = await readFile(join(dir, name)).catch((cause: unknown) => {
      throw broken(named, `"${name}" cannot be read`, cause)
    })
    if (digestOf(bytes) !== digest) throw broken(named, `"${name}" has another digest than ${SUMS} says`)
    files.set(name, bytes)
  }
  return files
}

/** A folder that looks like a release, and is not. */
export function broken(named: string, problem: string, cause?: unknown): CommandError {
  const message = `Cannot read the release in "${named}": ${problem}, expected a folder written by mill build`
  return new CommandError('diff/folder', message, { exit: EXIT.usage, cause })
}
