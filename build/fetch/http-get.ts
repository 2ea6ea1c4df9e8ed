import type { Refusal } from './document.ts'

/** What a cache knows of a copy, so that the source need not send it again. */
export interface Validators {
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
}

export type Answer =
  | {
      readonly status: 'fresh'
      readonly bytes: Uint8Array
      readonly mediaType: string | undefined
      readonly validators: Validators
    }
  | { readonly status: 'unchanged' }
  | {
      readonly status: 'failed'
      readonly refusal: Refusal
      /** True when asking once more may help. */
      readonly again: boolean
      readonly retryAfter?: string | undefined
    }

export interface HttpOptions {
  readonly fetch: typeof globalThis.fetch
  readonly signal?: AbortSignal | undefined
  /** For the whole answer, redirects included. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Asks once for a document. Never fails: a broken source is an answer. Rejects only when `signal` aborts. */
export async function httpGet(url: URL, validators: Validators, options: HttpOptions): Promise<Answer> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  try {
    return await follow(url, validators, { ...options, signal })
  } catch (error) {
    options.signal?.throwIfAborted()
    const reason = timeout.aborted
      ? `it did not answer within ${options.timeoutMs} ms, expected a document`
      : `${reasonOf(error)}, expected a document`
    return { status: 'failed', refusal: { code: 'fetch/unreachable', reason }, again: true }
  }
}

async function follow(url: URL, validators: Validators, options: HttpOptions): Promise<Answer> {
  let at = url
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const { signal } = options
    const response = await options.fetch(at, {
      headers: headersOf(validators),
      redirect: 'manual',
      ...(signal === undefined ? {} : { signal }),
    })
    if (!REDIRECTS.has(response.status)) return answerOf(response, validators, options.maxBytes)
    await response.body?.cancel()
    const target = redirectTarget(at, response.headers.get('location'))
    if (typeof target === 'string') return failed('fetch/redirect', target)
    at = target
  }
  return failed('fetch/redirect', `it redirected more than ${MAX_REDIRECTS} times, expected a document`)
}

function headersOf({ etag, lastModified }: Validators): Record<string, string> {
  return {
    accept: 'text/markdown, text/plain;q=0.9, */*;q=0.1',
    'user-agent': 'context-mill',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
}

/** Where a redirect may lead, or why it may not. */
function redirectTarget(from: URL, location: string | null): URL | string {
  const target = location === null ? null : URL.parse(location, from.href)
  if (target === null) return 'it redirected to nowhere, expected a Location'
  if (target.protocol !== 'https:' && target.protocol !== 'http:') {
    return `it redirected to a "${target.protocol}" address, expected https:`
  }
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    return `it redirected from https: to "${target.origin}", expected https:`
  }
  if (target.username !== '' || target.password !== '') {
    return 'it redirected to an address with a user name or password, expected a public document'
  }
  return target
}

async function answerOf(response: Response, sent: Validators, maxBytes: number): Promise<Answer> {
  const { status, headers } = response
  if (status === 304 && (sent.etag ?? sent.lastModified) !== undefined) {
    await response.body?.cancel()
    return { status: 'unchanged' }
  }
  if (!response.ok) {
    await response.body?.cancel()
    const again = status >= 500 || status === 408 || status === 429
    const retryAfter = headers.get('retry-after') ?? undefined
    return { ...failed('fetch/unreachable', `it answered ${status}, expected a document`, again), retryAfter }
  }
  const bytes = await readUpTo(response, maxBytes)
  if (bytes === undefined) {
    return failed('fetch/too-large', `it is larger than ${maxBytes} bytes, expected at most that`)
  }
  return {
    status: 'fresh',
    bytes,
    mediaType: headers.get('content-type') ?? undefined,
    validators: {
      etag: headers.get('etag') ?? undefined,
      lastModified: headers.get('last-modified') ?? undefined,
    },
  }
}

/** Counts what arrives unpacked, since a small archive can hold a large text. */
async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** An answer that is none. */
export function failed(code: Refusal['code'], reason: string, again = false) {
  return { status: 'failed', refusal: { code, reason }, again } as const
}

/** Why a request came to nothing. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return `the connection failed (${code ?? (cause instanceof Error ? cause.message : String(cause))})`
}
