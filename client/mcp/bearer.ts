import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Bearers of one endpoint: each opens one attempt, and nobody can make one without the endpoint's key. */
export interface Bearers {
  readonly of: (attempt: string) => string
  /** True when an `Authorization` header carries the bearer of that attempt. */
  readonly fits: (attempt: string, authorization: string | undefined) => boolean
}

/** Bearers under a fresh key, which never leaves this process; nothing has to be remembered about them. */
export function bearers(): Bearers {
  const key = randomBytes(32)
  const sign = (attempt: string) => createHmac('sha256', key).update(attempt).digest()
  return {
    of: (attempt) => sign(attempt).toString('base64url'),
    fits: (attempt, authorization = '') => {
      const given = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1]
      return given !== undefined && timingSafeEqual(Buffer.from(given, 'base64url'), sign(attempt))
    },
  }
}
