import { isPlaceholder } from './placeholder.ts'
import type { SecretKind } from './secret-kinds.ts'

/** Text after the head of a key that is looked at. */
const REACH = 2000

/** Keys and credentials that have to be opened to be known: PEM and PGP blocks, keystores, web tokens. */
export const KEY_MATERIAL: readonly SecretKind[] = [
  {
    kind: 'private key',
    hint: '-----BEGIN',
    inPlainText: true,
    pattern: /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY-----/g,
    alone: true,
    holds: (_, after) => bodyIsReal(after),
  },
  {
    kind: 'PGP private key',
    hint: '-----BEGIN',
    inPlainText: true,
    pattern: /-----BEGIN PGP PRIVATE KEY BLOCK-----/g,
    alone: true,
    holds: (_, after) => bodyIsReal(after),
  },
  {
    kind: 'PuTTY private key',
    hint: 'PuTTY',
    pattern: /PuTTY-User-Key-File-[23]: [a-z0-9-]{1,30}/g,
    alone: true,
    holds: (_, after) => /Private-Lines: [1-9]/.test(after.slice(0, REACH)),
  },
  {
    kind: 'keystore or bare private key',
    pattern: /(?<![A-Za-z0-9+/])(?:MI[IGHJKLM]|\/u3\+7Q)[A-Za-z0-9+/]{61}/g,
    alone: true,
    holds: (match) => isKeyFile(Buffer.from(match, 'base64')),
  },
  {
    kind: 'JSON web token',
    hint: 'eyJ',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,1000}\.eyJ[A-Za-z0-9_-]{8,3000}\.[A-Za-z0-9_-]{20,700}/g,
    alone: true,
    holds: (match) => isSignedToken(match.split('.')),
  },
]

/** A key in prose ends at dots or words; a real one goes on in base64, whatever the line breaks are written as. */
function bodyIsReal(after: string): boolean {
  const body = after
    .slice(0, REACH)
    .split('-----', 1)[0]
    ?.replace(/^(?:[A-Za-z-]{1,20}: [^\n\\]{0,200}(?:\n|\\n)){1,5}/gm, '')
    .replace(/\\[nr]|[\s"'`+>,\\]/g, '')
  const [run = ''] = /[A-Za-z0-9+/=]{40}/.exec(body ?? '') ?? []
  return run !== '' && !isPlaceholder(run)
}

const PKCS12 = [0x02, 0x01, 0x03, 0x30]
const PKCS8 = [0x02, 0x01, 0x00, 0x30]
const PKCS1 = [0x02, 0x01, 0x00, 0x02]
const EC = [0x02, 0x01, 0x01, 0x04]
const JKS = [0xfe, 0xed, 0xfe, 0xed]

function isKeyFile(bytes: Buffer): boolean {
  if (startsWith(bytes, JKS)) return true
  if (bytes[0] !== 0x30) return false
  const lengthBytes = (bytes[1] ?? 0) & 0x80 ? (bytes[1] ?? 0) & 0x7f : 0
  const content = bytes.subarray(2 + lengthBytes)
  return [PKCS12, PKCS8, PKCS1, EC].some((head) => startsWith(content, head))
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, at) => bytes[at] === byte)
}

/** The pattern on the front page of every tutorial is no secret: its subject is the tutorials' John Doe. */
const TUTORIAL_SUBJECTS = new Set(['1234567890', 'user123', 'user_123', 'user-123'])

function isSignedToken([head = '', claims = '', signature = '']: readonly string[]): boolean {
  const header = jsonOf(head)
  const payload = jsonOf(claims)
  if (typeof header?.alg !== 'string' || header.alg === 'none' || payload === undefined) return false
  return !TUTORIAL_SUBJECTS.has(String(payload.sub)) && !isPlaceholder(signature)
}

function jsonOf(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
