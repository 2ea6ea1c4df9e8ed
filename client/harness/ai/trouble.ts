import type { Ending } from '../lifetime.ts'

/** A request that came to nothing. */
export interface Trouble extends Ending {
  readonly status?: number
  /** True when the same request may well succeed a little later. */
  readonly isPassing: boolean
}

/** What the SDK tells of an answer that was not the expected one. */
interface ProviderError {
  readonly statusCode?: unknown
  readonly responseBody?: unknown
  readonly responseHeaders?: unknown
}

const LOST =
  /model_not_found|not_found_error|model\b.{0,200}\b(not found|not exist|not supported|no access)/is
const NO_CREDIT = /insufficient_quota|credit balance|billing/i

/** Why a request to a model failed, in the words of its provider as far as there are any. */
export function troubleOf(error: unknown): Trouble {
  const { statusCode, responseBody, responseHeaders } = (error ?? {}) as ProviderError
  const message = messageOf(error)
  const body = `${typeof responseBody === 'string' ? responseBody : ''} ${message}`
  // An answer that began well and broke off carries the status it began with.
  if (typeof statusCode !== 'number' || statusCode < 400) return { ...unanswered(body), message }
  return { ...endOf(statusCode, body), ...retryAfter(responseHeaders), status: statusCode, message }
}

/** An error that comes inside a stream has no status of its own, but may say what it is. */
function unanswered(body: string): Pick<Trouble, 'end' | 'isPassing'> {
  if (/rate_limit/i.test(body)) return { end: 'rate-limit', isPassing: true }
  return { end: 'api-error', isPassing: true }
}

function endOf(status: number, body: string): Pick<Trouble, 'end' | 'isPassing' | 'isModelLost'> {
  // A 404 that says nothing of a model is a wrong address.
  if (status === 404 ? /model/i.test(body) : [400, 403].includes(status) && LOST.test(body)) {
    return { end: 'api-error', isModelLost: true, isPassing: false }
  }
  if (status === 401 || status === 402 || status === 403 || NO_CREDIT.test(body)) {
    return { end: 'auth', isPassing: false }
  }
  if (status === 429) return { end: 'rate-limit', isPassing: true }
  return { end: 'api-error', isPassing: status >= 500 || status === 408 || status === 409 }
}

function retryAfter(headers: unknown): Pick<Trouble, 'retryAfterMs'> {
  const value = (headers as Readonly<Record<string, string>> | undefined)?.['retry-after']
  if (value === undefined) return {}
  const ms = /^[0-9.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(0, Math.round(ms)) } : {}
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : JSON.stringify(error)
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`
}
