import type { IncomingMessage } from 'node:http'
import { judgeHost } from './host.ts'

/** What a request may be at most; what is beyond is refused before anything looks at it. */
const REQUEST_LIMITS = { target: 2_048, headers: 100 } as const

/** Whether a request is answered at all. */
export type Verdict =
  | { readonly ok: true; readonly origin: string }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string }

/** Judges a request by its head alone: for this host, of a bearable size, and one that changes nothing. */
export function judgeRequest(request: IncomingMessage): Verdict {
  const host = judgeHost(request)
  if (!host.ok) return { ...host, code: 'request/host' }
  const headers = request.rawHeaders.length / 2
  if (headers > REQUEST_LIMITS.headers) {
    const message = `Cannot read ${headers} headers: expected at most ${REQUEST_LIMITS.headers}`
    return { ok: false, status: 431, code: 'request/headers', message }
  }
  const length = request.url?.length ?? 0
  if (length > REQUEST_LIMITS.target) {
    const message = `Cannot read a target of ${length} characters: expected at most ${REQUEST_LIMITS.target}`
    return { ok: false, status: 414, code: 'request/target', message }
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const message = `Cannot answer ${request.method}: expected GET or HEAD`
    return { ok: false, status: 405, code: 'request/method', message }
  }
  return host
}

/** True when the client has more to say than its head; it is not listened to. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
