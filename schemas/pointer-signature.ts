import { z } from 'zod'

/** Who signed a pointer, and the proof. */
export const pointerSignatureSchema = z.strictObject({
  /** First 16 hex digits of the SHA-256 of the raw public key. */
  key: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 lower-case hex digits'),
  /** Ed25519 signature of {@link signedText}, base64. */
  value: z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/, 'expected 64 bytes in base64'),
})

/** What is signed of a pointer. */
export interface SignedFields {
  readonly channel: string
  readonly release: string
  readonly serial: number
  readonly commit: string | null
  readonly publishedAt: string
  readonly expires?: string | undefined
}

/** What a signature is over: every field of a pointer but the signature, in this order, as JSON without spaces. */
export function signedText(pointer: SignedFields): string {
  const { channel, release, serial, commit, publishedAt, expires = null } = pointer
  return JSON.stringify({ channel, release, serial, commit, publishedAt, expires })
}
