import { createPublicKey, type KeyObject } from 'node:crypto'
import { digestOf } from './digest.ts'

/** A key that signatures are checked with. */
export interface PublicKey {
  /** First 16 hex digits of the SHA-256 of its 32 bytes. */
  readonly id: string
  readonly key: KeyObject
}

const PREFIX = 'ed25519:'

/** The key of a line such as `ed25519:<32 bytes in base64>`; undefined for any other. */
export function parsePublicKey(line: string): PublicKey | undefined {
  const [, encoded] = /^ed25519:([A-Za-z0-9+/]{43}=)$/.exec(line.trim()) ?? []
  if (encoded === undefined) return undefined
  const x = Buffer.from(encoded, 'base64').toString('base64url')
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return { id: publicKeyId(key), key }
  } catch {
    return undefined
  }
}

/** The line that {@link parsePublicKey} reads. */
export function publicKeyLine(key: KeyObject): string {
  return PREFIX + rawOf(key).toString('base64')
}

/** How signatures name the key. */
export function publicKeyId(key: KeyObject): string {
  return digestOf(rawOf(key)).slice(0, 16)
}

function rawOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
}
