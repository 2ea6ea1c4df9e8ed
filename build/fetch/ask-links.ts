import { setTimeout } from 'node:timers/promises'
import { sparingDownHosts } from './down-hosts.ts'
import type { FetchOptions } from './fetch-documents.ts'
import { type Answer, failed, reasonOf } from './http-get.ts'
import { type RetryOptions, withRetries } from './retry.ts'

/** How links are asked; the same limits as for documents. */
export type AskOptions = Pick<
  FetchOptions,
  'fetch' | 'sleep' | 'random' | 'now' | 'signal' | 'timeoutMs' | 'attempts' | 'concurrency'
>

/**
 * Asks each URL once, a host never more than once at a time. Gives those that did not answer, with the reason.
 * Contract: rejects with the signal's reason soon after `signal` aborts.
 */
export async function askLinks(
  urls: Iterable<string>,
  options: AskOptions,
): Promise<ReadonlyMap<string, string>> {
  const unanswered = new Map<string, string>()
  const retry: RetryOptions = {
    attempts: options.attempts ?? 3,
    sleep: options.sleep ?? ((ms, abort) => setTimeout(ms, undefined, abort && { signal: abort })),
    random: options.random ?? Math.random,
    now: options.now ?? (() => new Date()),
    signal: options.signal,
  }
  const ask = sparingDownHosts((url) => withRetries(() => askOnce(url, options), retry))
  const queue = [...Map.groupBy(new Set(urls), (url) => new URL(url).host).values()].values()
  const work = async () => {
    for (const ofHost of queue) {
      for (const url of ofHost) {
        options.signal?.throwIfAborted()
        const answer = await ask(new URL(url), {})
        if (answer.status === 'failed')
          unanswered.set(url, answer.refusal.reason.replace(/, expected .*$/, ''))
      }
    }
  }
  await Promise.all(Array.from({ length: options.concurrency ?? 8 }, work))
  return unanswered
}

/** Not every server knows HEAD, and some tell nothing of a page by it. */
async function askOnce(url: URL, options: AskOptions): Promise<Answer> {
  const head = await answerTo(url, 'HEAD', options)
  return head.status === 'failed' && !head.again ? answerTo(url, 'GET', options) : head
}

async function answerTo(url: URL, method: 'HEAD' | 'GET', options: AskOptions): Promise<Answer> {
  const timeoutMs = options.timeoutMs ?? 10_000
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  try {
    const headers = { 'user-agent': 'context-mill' }
    const response = await (options.fetch ?? globalThis.fetch)(url, { method, headers, signal })
    await response.body?.cancel()
    return verdictOn(response)
  } catch (error) {
    options.signal?.throwIfAborted()
    const reason = timeout.aborted ? `it did not answer within ${timeoutMs} ms` : reasonOf(error)
    return failed('fetch/unreachable', reason, true)
  }
}

/** A page that wants to know who asks is there. */
const GUARDED = new Set([401, 402, 403, 407, 451, 999])

function verdictOn({ ok, status, headers }: Response): Answer {
  if (ok || GUARDED.has(status)) return { status: 'unchanged' }
  const again = status >= 500 || status === 408 || status === 429
  const retryAfter = headers.get('retry-after') ?? undefined
  return { ...failed('fetch/unreachable', `it answered ${status}`, again), retryAfter }
}
