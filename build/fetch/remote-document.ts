import type { LockedDocument } from '../../schemas/content-lock.ts'
import { digestOf } from '../../schemas/digest.ts'
import type { Cache, CachedDocument } from './cache.ts'
import type { Refusal } from './document.ts'
import type { Ask } from './down-hosts.ts'
import { found, type Outcome, refused } from './outcome.ts'

/** What the fetching of one remote document goes by. */
export interface RemoteRules {
  readonly cache: Cache
  readonly ask: Ask
  readonly now: () => Date
  readonly offline: boolean
  readonly updateLock: boolean
  /** A copy that the source vouched for within this time is not asked for again. */
  readonly freshMs: number
}

/** Fetches one remote document; `locked` is what `content.lock` says of it. */
export async function remoteDocument(
  url: URL,
  locked: LockedDocument | undefined,
  rules: RemoteRules,
): Promise<Outcome> {
  const latest = await rules.cache.latest(url.href)
  const kept = locked === undefined ? latest?.bytes : await rules.cache.body(locked.digest)
  if (rules.offline) return offline(kept, locked)
  const current = await currentCopy(url, latest, rules)
  if ('refusal' in current) return kept === undefined ? current : stale(kept, current.refusal)
  if (locked === undefined || current.digest === locked.digest || rules.updateLock)
    return pinned(current.bytes)
  return changed(kept, current.digest, locked.digest)
}

/** The document as its source gives it now, kept in the cache, or why the source gives none. */
async function currentCopy(
  url: URL,
  latest: CachedDocument | undefined,
  { cache, ask, now, freshMs }: RemoteRules,
): Promise<CachedDocument | { readonly refusal: Refusal }> {
  const at = now().getTime()
  if (latest !== undefined && Math.abs(at - latest.checkedAt) < freshMs) return latest
  const answer = await ask(url, latest?.validators ?? {})
  if (answer.status === 'failed') return answer
  if (answer.status === 'unchanged') {
    if (latest === undefined) throw new TypeError('A source answered "unchanged" though nothing was kept')
    await cache.keep(url.href, { ...latest, checkedAt: at })
    return latest
  }
  const { refusal } = found(answer)
  if (refusal !== undefined) return { refusal }
  const { bytes, validators } = answer
  const copy = { bytes, digest: digestOf(bytes), validators, checkedAt: at }
  await cache.keep(url.href, copy)
  return copy
}

/** Code of the finding that a document was not fetched, since only copies were asked for. */
export const UNFETCHED = 'fetch/offline'

function offline(kept: Uint8Array | undefined, locked: LockedDocument | undefined): Outcome {
  if (kept !== undefined) return pinned(kept)
  const wanted = locked === undefined ? 'a copy' : `the copy ${short(locked.digest)} of content.lock`
  return refused(UNFETCHED, `the network is not to be used, expected ${wanted} in the cache`)
}

function stale(kept: Uint8Array, { code, reason }: Refusal): Outcome {
  const because = code === 'fetch/unreachable' ? reason : `${reason} (${code})`
  return {
    ...pinned(kept),
    warning: { code: 'fetch/stale', reason: `${because}; the last good copy is used` },
  }
}

function changed(kept: Uint8Array | undefined, now: string, then: string): Outcome {
  const reason = `its digest is now ${short(now)}, expected ${short(then)} of content.lock`
  if (kept !== undefined) {
    return {
      ...pinned(kept),
      warning: { code: 'fetch/changed', reason: `${reason}; the locked copy is used` },
    }
  }
  const how = 'and the locked copy is not in the cache; accept the new text with "mill build --update-lock"'
  return refused('fetch/changed', `${reason}, ${how}`)
}

function pinned(bytes: Uint8Array): Outcome {
  return { ...found({ bytes }), locked: { digest: digestOf(bytes), size: bytes.length } }
}

function short(digest: string): string {
  return digest.slice(0, 12)
}
