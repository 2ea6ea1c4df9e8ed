import { verify } from 'node:crypto'
import type { ChannelPointer } from './channel.ts'
import { signedText } from './pointer-signature.ts'
import type { PublicKey } from './public-key.ts'

/** What a pointer is held against. */
export interface Trust {
  /** Key that must have signed it; absent: signatures are not looked at. */
  readonly key?: PublicKey | undefined
  /** Serial that was seen before: a lower one is a step back. */
  readonly minSerial?: number | undefined
  readonly now: Date
}

/** Why a pointer is not to be believed. */
export interface Doubt {
  readonly code: 'unsigned' | 'wrong-key' | 'signature' | 'expired' | 'serial'
  readonly expected: string
  readonly came: string
}

/** Every reason to doubt a pointer; none for one that holds. */
export function doubtsOf(pointer: ChannelPointer, { key, minSerial, now }: Trust): Doubt[] {
  const doubts: Doubt[] = []
  if (key !== undefined) doubts.push(...signatureDoubts(pointer, key))
  const { expires, serial } = pointer
  if (expires !== undefined && Date.parse(expires) <= now.getTime()) {
    doubts.push({ code: 'expired', expected: `an end after ${now.toISOString()}`, came: expires })
  }
  if (minSerial !== undefined && serial < minSerial) {
    doubts.push({ code: 'serial', expected: `${minSerial} or more`, came: String(serial) })
  }
  return doubts
}

function signatureDoubts({ signature, ...signed }: ChannelPointer, { id, key }: PublicKey): Doubt[] {
  const expected = `a signature by the key ${id}`
  if (signature === undefined) return [{ code: 'unsigned', expected, came: 'none' }]
  if (signature.key !== id) return [{ code: 'wrong-key', expected, came: `one by ${signature.key}` }]
  const value = Buffer.from(signature.value, 'base64')
  if (verify(null, Buffer.from(signedText(signed)), key, value)) return []
  return [{ code: 'signature', expected, came: 'one over other fields than these' }]
}
