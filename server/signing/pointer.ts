import { sign } from 'node:crypto'
import type { ChannelPointer } from '../../schemas/channel.ts'
import { signedText } from '../../schemas/pointer-signature.ts'
import type { SigningKey } from './keys.ts'

/** How pointers are given out. */
export interface Seal {
  /** Absent: nothing is signed. */
  readonly key?: SigningKey | undefined
  /** How long a pointer is to be believed; absent: for ever. */
  readonly lifetimeMs?: number | undefined
  readonly now: () => Date
}

/** The pointer with its end and its signature. */
export function sealed(pointer: ChannelPointer, { key, lifetimeMs, now }: Seal): ChannelPointer {
  const { signature: _, expires: __, ...bare } = pointer
  const ending =
    lifetimeMs === undefined
      ? bare
      : { ...bare, expires: new Date(now().getTime() + lifetimeMs).toISOString() }
  if (key === undefined) return ending
  const value = sign(null, Buffer.from(signedText(ending)), key.key).toString('base64')
  return { ...ending, signature: { key: key.id, value } }
}
