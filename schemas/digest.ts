import { createHash } from 'node:crypto'
import { z } from 'zod'

/** The one way to name bytes: lower-case hex SHA-256, 64 characters. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits (SHA-256)')

export type Digest = z.infer<typeof digestSchema>

/** SHA-256 of the bytes (of the UTF-8 encoding, for a string), as 64 hex digits. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return createHash('sha256').update(bytes).digest('hex')
}
