import { resolve } from 'node:path'
import { Option } from 'commander'
import type { CliIo } from '../../schemas/cli.ts'
import { parseDuration } from '../signing/duration.ts'
import { readSigningKey } from '../signing/key-file.ts'
import type { Seal } from '../signing/pointer.ts'

/** What a person said of how pointers are given out. */
export interface SealFlags {
  readonly sign?: string
  readonly expires?: number
}

/** `--sign` and `--expires`. */
export function sealOptions(): Option[] {
  return [
    new Option('--sign <file>', 'sign the pointers of channels with this private key of mill keygen'),
    new Option('--expires <duration>', 'how long a pointer is to be believed, such as 12h or 30d').argParser(
      parseDuration,
    ),
  ]
}

/** Whether pointers are given out otherwise than the store has them. */
export function isSealed({ sign, expires }: SealFlags): boolean {
  return sign !== undefined || expires !== undefined
}

/** How pointers are given out. */
export async function sealOf(io: CliIo, { sign, expires }: SealFlags): Promise<Seal> {
  const key = sign === undefined ? undefined : await readSigningKey(resolve(io.cwd, sign))
  return { key, lifetimeMs: expires, now: () => new Date() }
}
