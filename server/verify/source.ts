import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The bytes of a file, or what came in their place. */
export type Reading =
  | { readonly bytes: Uint8Array; readonly came?: undefined }
  | { readonly bytes?: undefined; readonly came: string; readonly unreachable?: true }

/** Something that serves channels, seen from outside. */
export interface Source {
  /** Address that its files say they answer at, ends with `/`; undefined where only they know. */
  readonly baseUrl: string | undefined
  /** How a path is shown to a person. */
  readonly urlOf: (path: string) => string
  /** Contract: rejects only when it is interrupted. */
  readonly read: (path: string) => Promise<Reading>
}

export interface HttpOptions {
  readonly signal: AbortSignal
  /** Per request, body included; milliseconds. */
  readonly timeoutMs?: number
  readonly fetch?: typeof globalThis.fetch
}

/** Requests under way at the same time. */
const LANES = 8
const ATTEMPTS = 2
/** Largest body; bytes. */
const BODY_MAX = 64 * 1024 * 1024

/** A web server. No request leaves its origin: redirects are not followed. */
export function httpSource(baseUrl: string, options: HttpOptions): Source {
  const turn = lanes(LANES)
  const attempt = async (url: string): Promise<Reading> => {
    const { signal, timeoutMs = 30_000, fetch = globalThis.fetch } = options
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      const response = await fetch(url, { redirect: 'manual', signal: limit })
      if (response.status === 200) return await readBody(response)
      await response.body?.cancel()
      return { came: `HTTP ${response.status}` }
    } catch (error) {
      signal.throwIfAborted()
      return { came: `no answer (${reasonOf(error)})`, unreachable: true }
    }
  }
  return {
    baseUrl,
    urlOf: (path) => baseUrl + path,
    read: (path) =>
      turn(async () => {
        let last: Reading = { came: 'no answer', unreachable: true }
        for (let at = 0; at < ATTEMPTS; at += 1) {
          last = await attempt(baseUrl + path)
          if (last.came === undefined || last.unreachable !== true) return last
        }
        return last
      }),
  }
}

/** A folder that is to be served. */
export function folderSource(dir: string, named: string): Source {
  const turn = lanes(LANES)
  return {
    baseUrl: undefined,
    urlOf: (path) => join(named, path),
    read: (path) =>
      turn(async () => {
        try {
          return { bytes: await readFile(join(dir, path)) }
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException
          return { came: code === 'ENOENT' || code === 'ENOTDIR' ? 'no file' : `${code}` }
        }
      }),
  }
}

async function readBody(response: Response): Promise<Reading> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > BODY_MAX) {
      await response.body?.cancel().catch(() => undefined)
      return { came: `more than ${BODY_MAX} bytes` }
    }
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks) }
}

function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error
  if (name === 'TimeoutError') return 'it took too long'
  const { code, message: inner } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  return code ?? inner ?? message
}

/** Lets at most `width` works run at a time; the others wait for their turn. */
function lanes(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = width
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
