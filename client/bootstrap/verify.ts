import type { z } from 'zod'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { digestOf } from '../../schemas/digest.ts'

/** What a menu promises about an artifact. */
export interface Promised {
  /** How messages name it: its URL, say. */
  readonly name: string
  readonly digest: string
  readonly size: number
}

/**
 * Lets bytes through that are what a menu promised.
 * @throws {CommandError} `run/digest-mismatch`
 */
export function verifyBytes(promised: Promised, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== promised.size) {
    throw new CommandError(
      'run/digest-mismatch',
      `Cannot trust "${promised.name}": expected ${promised.size} bytes, got ${bytes.length}`,
    )
  }
  const digest = digestOf(bytes)
  if (digest === promised.digest) return bytes
  throw new CommandError(
    'run/digest-mismatch',
    `Cannot trust "${promised.name}": expected SHA-256 ${promised.digest}, got ${digest}`,
  )
}

/**
 * Reads a menu, or another JSON document of the wire, by its schema.
 * @throws {CommandError} `run/menu-invalid` naming the URL, the place and what was wanted
 */
export function parseMenu<Schema extends z.ZodType>(
  schema: Schema,
  url: string,
  bytes: Uint8Array,
): z.infer<Schema> {
  const found = schema.safeParse(parseJson(url, bytes))
  if (found.success) return found.data
  const [issue] = found.error.issues
  const more = found.error.issues.length - 1
  const place = issue?.path.length ? issue.path.map(String).join('.') : 'the document'
  throw menuInvalid(url, `at ${place}: ${issue?.message}${more > 0 ? ` (and ${more} more)` : ''}`)
}

function parseJson(url: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw menuInvalid(url, `expected JSON: ${(cause as Error).message}`, cause)
  }
}

function menuInvalid(url: string, why: string, cause?: unknown): CommandError {
  return new CommandError('run/menu-invalid', `Cannot read "${url}": ${why}`, { cause })
}

/**
 * The URL, when it lies on the origin of the base.
 * @throws {CommandError} `run/foreign-url`
 */
export function sameOrigin(base: string, url: string): URL {
  const origin = parseBase(base).origin
  const target = URL.canParse(url) ? new URL(url) : null
  if (target !== null && target.origin === origin && target.username === '' && target.password === '') {
    return target
  }
  throw new CommandError('run/foreign-url', `Cannot fetch "${url}": expected a URL on "${origin}"`)
}

/**
 * The base URL of a server, as the user gave it.
 * @throws {CommandError} `run/base-invalid`
 */
export function parseBase(base: string): URL {
  const url = URL.canParse(base) ? new URL(base) : null
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new CommandError(
    'run/base-invalid',
    `Cannot use "${base}" as a server: expected a URL such as "http://localhost:8765"`,
    { exit: EXIT.usage },
  )
}
