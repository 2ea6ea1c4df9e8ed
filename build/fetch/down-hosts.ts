import type { Answer, Validators } from './http-get.ts'

/** Documents of one host that must fail in a row before the host counts as down. */
const ENOUGH = 3

export type Ask = (url: URL, validators: Validators) => Promise<Answer>

/** Asks a host no more once it has failed for several documents in a row, so that a dead source costs little time. */
export function sparingDownHosts(ask: Ask): Ask {
  const failures = new Map<string, number>()
  return async (url, validators) => {
    const before = failures.get(url.host) ?? 0
    if (before >= ENOUGH) {
      const reason = `its host failed for ${ENOUGH} other documents and is not asked again, expected a document`
      return { status: 'failed', refusal: { code: 'fetch/unreachable', reason }, again: true }
    }
    const answer = await ask(url, validators)
    const isDown = answer.status === 'failed' && answer.again
    failures.set(url.host, isDown ? (failures.get(url.host) ?? 0) + 1 : 0)
    return answer
  }
}
