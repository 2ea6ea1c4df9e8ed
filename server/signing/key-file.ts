import { open, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { type PublicKey, parsePublicKey } from '../../schemas/public-key.ts'
import { parsePrivateKey, type SigningKey } from './keys.ts'

/** Permissions of anybody but the owner. */
const OTHERS = 0o077

/**
 * Reads the key that pointers are signed with.
 *
 * @throws {CommandError} `key/unreadable`, `key/exposed` or `key/kind`; none quotes what the file holds.
 */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const { mode, text } = await readPrivate(file)
  if ((mode & OTHERS) !== 0) {
    const shown = (mode & 0o777).toString(8)
    throw refusal('key/exposed', `Cannot sign with "${file}": its mode is ${shown}, expected 600`)
  }
  const key = parsePrivateKey(text)
  if (key !== undefined) return key
  throw refusal('key/kind', `Cannot sign with "${file}": expected a private key written by mill keygen`)
}

/**
 * A public key as one line, or the file that holds that line.
 *
 * @throws {CommandError} `key/public`
 */
export async function readPublicKey(lineOrFile: string, cwd: string): Promise<PublicKey> {
  const direct = parsePublicKey(lineOrFile)
  if (direct !== undefined) return direct
  const text = await readFile(resolve(cwd, lineOrFile), 'utf8').catch(() => '')
  const key = parsePublicKey(text)
  if (key !== undefined) return key
  throw refusal(
    'key/public',
    `Cannot check signatures with "${lineOrFile}": expected "ed25519:<44 letters>" as mill keygen prints it, or the file that holds it`,
  )
}

async function readPrivate(file: string): Promise<{ readonly mode: number; readonly text: string }> {
  try {
    const handle = await open(file, 'r')
    try {
      return { mode: (await handle.stat()).mode, text: await handle.readFile('utf8') }
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'it cannot be read'
    throw refusal('key/unreadable', `Cannot sign with "${file}": ${reason}, expected a file of mill keygen`)
  }
}

function refusal(code: `key/${string}`, message: string): CommandError {
  return new CommandError(code, message, { exit: EXIT.usage })
}
