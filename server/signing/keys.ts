import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { digestOf } from '../../schemas/digest.ts'

/** A key that pointers are signed with, and the name of its public half. */
export interface SigningKey {
  readonly id: string
  readonly key: KeyObject
}

/** A key that signatures are checked with. */
export interface PublicKey {
  readonly id: string
  readonly key: KeyObject
}

/** Both halves of a new key, as they are kept: PEM, and one line. */
export interface KeyTexts {
  readonly privateText: string
  readonly publicLine: string
}

const PREFIX = 'ed25519:'

/** A new Ed25519 key. */
export function newKey(): KeyTexts {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const privateText = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { privateText, publicLine: PREFIX + rawOf(publicKey).toString('base64') }
}

/** The key of a PEM text; undefined for what is no Ed25519 key. */
export function parsePrivateKey(text: string): SigningKey | undefined {
  try {
    const key = createPrivateKey(text)
    return key.asymmetricKeyType === 'ed25519' ? { id: idOf(createPublicKey(key)), key } : undefined
  } catch {
    return undefined
  }
}

/** The key of a line such as `ed25519:<32 bytes in base64>`; undefined for any other. */
export function parsePublicKey(line: string): PublicKey | undefined {
  const [, encoded] = /^ed25519:([A-Za-z0-9+/]{43}=)$/.exec(line.trim()) ?? []
  if (encoded === undefined) return undefined
  const x = Buffer.from(encoded, 'base64').toString('base64url')
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return { id: idOf(key), key }
  } catch {
    return undefined
  }
}

function idOf(publicKey: KeyObject): string {
  return digestOf(rawOf(publicKey)).slice(0, 16)
}

function rawOf(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
}
