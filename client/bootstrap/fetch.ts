import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../../schemas/cli.ts'
import { sameOrigin } from './verify.ts'

export interface FetchOptions {
  /** Base URL of the server; no request leaves its origin. */
  readonly base: string
  /** Ends the request and every wait soon after it aborts; its reason is what is thrown. */
  readonly signal: AbortSignal
  readonly fetch?: typeof globalThis.fetch
  /** Per attempt, body included; milliseconds. */
  readonly timeoutMs?: number
  /** Largest body after decompression; bytes. */
  readonly maxBytes?: number
  /** First pause between attempts, doubled for the next one; milliseconds. */
  readonly pauseMs?: number
}

export interface Fetched {
  readonly bytes: Uint8Array
  readonly headers: Headers
}

const ATTEMPTS = 3
const REDIRECTS = 3
/** A server that asks for more patience than this is not waited for; milliseconds. */
const PATIENCE_MS = 30_000
/** Bytes. */
const BODY_MAX = 20 * 1024 * 1024

/** An attempt that came to nothing although another one may not. */
interface Miss {
  readonly error: CommandError
  /** What the server asked for in `Retry-After`; milliseconds. */
  readonly waitMs: number | null
}

/**
 * GET with a time limit, three attempts, no way off the origin and a cap on the body.
 * @throws {CommandError} `run/server-unreachable`, `run/server-failed`, `run/too-slow`, `run/cut-off`, `run/not-served`, `run/not-content`, `run/foreign-url`, `run/too-large`
 */
export async function fetchBytes(url: string, options: FetchOptions): Promise<Fetched> {
  for (let attempt = 1; ; attempt += 1) {
    options.signal.throwIfAborted()
    const outcome = await attemptOnce(url, options)
    if (!('error' in outcome)) return outcome
    const waitMs = outcome.waitMs ?? backoff(attempt, options.pauseMs ?? 200)
    if (attempt === ATTEMPTS || waitMs > PATIENCE_MS) throw outcome.error
    await sleep(waitMs, undefined, { signal: options.signal }).catch(() => options.signal.throwIfAborted())
  }
}

async function attemptOnce(url: string, options: FetchOptions): Promise<Fetched | Miss> {
  const timeoutMs = options.timeoutMs ?? 10_000
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)])
  const trouble = { url, base: options.base, timeoutMs, hasBegun: false }
  try {
    const response = await follow(url, options, signal)
    trouble.hasBegun = true
    const miss = missOf(response, url)
    if (miss === null)
      return { bytes: await readBody(response, url, options.maxBytes ?? BODY_MAX), headers: response.headers }
    await response.body?.cancel()
    if (miss instanceof CommandError) throw miss
    return miss
  } catch (error) {
    options.signal.throwIfAborted()
    if (error instanceof CommandError) throw error
    return { error: interrupted(error, trouble), waitMs: null }
  }
}

/** Follows redirects by hand, since each hop has to stay on the origin. */
async function follow(url: string, options: FetchOptions, signal: AbortSignal): Promise<Response> {
  const get = options.fetch ?? globalThis.fetch
  let target = sameOrigin(options.base, url)
  for (let hop = 0; ; hop += 1) {
    const response = await get(target.href, { redirect: 'manual', signal })
    const location = response.status >= 300 && response.status < 400 && response.headers.get('location')
    if (!location) return response
    await response.body?.cancel()
    if (hop === REDIRECTS) {
      throw new CommandError(
        'run/not-served',
        `Cannot fetch "${url}": more than ${REDIRECTS} redirects, the last one to "${location}"`,
      )
    }
    const next = URL.canParse(location, target.href) ? new URL(location, target.href).href : location
    target = sameOrigin(options.base, next)
  }
}

/** Why an answer is not what was asked for: for good, or perhaps only now. */
function missOf({ status, headers }: Response, url: string): Miss | CommandError | null {
  if (status === 200) {
    const type = headers.get('content-type') ?? ''
    if (!/^text\/html\b/i.test(type)) return null
    // Such as the page on which a network asks for a password.
    return new CommandError('run/not-content', `Cannot fetch "${url}": the answer is a web page, ${type}`)
  }
  if (status < 500 && status !== 429) {
    return new CommandError(
      'run/not-served',
      `Cannot fetch "${url}": the server answered ${status}, expected 200`,
    )
  }
  const error = new CommandError(
    'run/server-failed',
    `Cannot fetch "${url}": the server answered ${status} ${ATTEMPTS} times or asked for too long a wait`,
  )
  return { error, waitMs: retryAfter(headers.get('retry-after')) }
}

async function readBody(response: Response, url: string, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > max) {
      throw new CommandError('run/too-large', `Cannot fetch "${url}": the body is larger than ${max} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** Seconds or an HTTP date; null for anything else. */
function retryAfter(value: string | null): number | null {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const until = Date.parse(value)
  return Number.isNaN(until) ? null : Math.max(0, until - Date.now())
}

/** Half fixed, half chance, so that clients that failed together do not come back together. */
function backoff(attempt: number, pauseMs: number): number {
  const full = pauseMs * 2 ** (attempt - 1)
  return full / 2 + Math.random() * (full / 2)
}

interface Trouble {
  readonly url: string
  readonly base: string
  readonly timeoutMs: number
  /** Whether the head of the answer had come. */
  readonly hasBegun: boolean
}

function interrupted(error: unknown, { url, base, timeoutMs, hasBegun }: Trouble): CommandError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    const why = hasBegun ? 'not all of it came' : 'no answer'
    return new CommandError('run/too-slow', `Cannot fetch "${url}": ${why} within ${timeoutMs} ms`, {
      cause: error,
    })
  }
  if (hasBegun) {
    const why = `the answer broke off, ${causeOf(error)}`
    return new CommandError('run/cut-off', `Cannot fetch "${url}": ${why}`, { cause: error })
  }
  return new CommandError(
    'run/server-unreachable',
    `Cannot reach a content server at "${base}": ${causeOf(error)}; start one with "mill dev" or name another with --base`,
    { cause: error },
  )
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? String(cause.code) : cause.name
  return cause.message.includes(code) || cause.message === ''
    ? cause.message || code
    : `${code} ${cause.message}`
}
