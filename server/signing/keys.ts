import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { publicKeyId, publicKeyLine } from '../../schemas/public-key.ts'

/** A key that pointers are signed with, and the name of its public half. */
export interface SigningKey {
  readonly id: string
  readonly key: KeyObject
}

/** Both halves of a new key, as they are kept: PEM, and one line. */
export interface KeyTexts {
  readonly privateText: string
  readonly publicLine: string
}

/** A new Ed25519 key. */
export function newKey(): KeyTexts {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const privateText = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { privateText, publicLine: publicKeyLine(publicKey) }
}

/** The key of a PEM text; undefined for what is no Ed25519 key. */
export function parsePrivateKey(text: string): SigningKey | undefined {
  try {
    const key = createPrivateKey(text)
    return key.asymmetricKeyType === 'ed25519' ? { id: publicKeyId(createPublicKey(key)), key } : undefined
  } catch {
    return undefined
  }
}
