import { setTimeout } from 'node:timers/promises'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { errorAt, warningAt } from '../finding.ts'
import { addressOf, documentKey, quoteUrl } from './address.ts'
import { openCache } from './cache.ts'
import type { DocumentRequest, Documents, FetchedDocument, Refusal } from './document.ts'
import { sparingDownHosts } from './down-hosts.ts'
import { type HttpOptions, httpGet } from './http-get.ts'
import { type LocalFiles, localDocument } from './local-document.ts'
import type { Lock } from './lock.ts'
import { found, type Outcome, refused } from './outcome.ts'
import { openPreview, type Preview, previewPaths, substitute } from './preview.ts'
import { type RemoteRules, remoteDocument } from './remote-document.ts'
import { type RetryOptions, withRetries } from './retry.ts'

/** Bytes of the largest document that is taken. */
export const MAX_DOCUMENT_BYTES = 5 * 1024 * 1024

export interface FetchOptions {
  readonly lock: Lock
  /** Folder for copies of remote documents. */
  readonly cache: string
  readonly local: LocalFiles
  /** Never use the network. */
  readonly offline?: boolean
  /** Accept what remote documents say now. */
  readonly updateLock?: boolean
  /** Folder or http(s) origin that answers in place of every remote source. */
  readonly docsFrom?: string | undefined
  readonly freshMs?: number
  readonly concurrency?: number
  /** For each attempt. */
  readonly timeoutMs?: number
  readonly attempts?: number
  readonly maxBytes?: number
  readonly fetch?: typeof globalThis.fetch
  readonly sleep?: RetryOptions['sleep']
  readonly random?: () => number
  readonly now?: () => Date
  readonly signal?: AbortSignal | undefined
}

/**
 * Gets every document that is referred to, each once. Sources that fail are diagnostics at the references.
 * Contract: rejects with the signal's reason soon after `signal` aborts.
 *
 * @throws {CommandError} when `docsFrom` is neither folder nor origin, or the cache cannot be written to.
 */
export async function fetchDocuments(
  requests: readonly DocumentRequest[],
  options: FetchOptions,
): Promise<Documents> {
  const maxBytes = options.maxBytes ?? MAX_DOCUMENT_BYTES
  const preview = options.docsFrom === undefined ? undefined : await openPreview(options.docsFrom, maxBytes)
  const rules = rulesOf(options, maxBytes)
  const byKey = Map.groupBy(requests, ({ url, from }) => documentKey(url, from))
  const arrived = new Map<string, Outcome>()
  const queue = byKey.entries()
  const work = async () => {
    for (const [key, [request]] of queue) {
      options.signal?.throwIfAborted()
      if (request !== undefined) arrived.set(key, await fetchOne(request, { options, rules, preview }))
    }
  }
  await Promise.all(Array.from({ length: options.concurrency ?? 8 }, work))
  // Whatever came first, the same requests give the same order.
  const outcomes = new Map([...byKey.keys()].map((key) => [key, arrived.get(key) ?? {}] as const))
  return {
    byUrl: documentsOf(outcomes),
    lock: preview === undefined ? nextLock(outcomes, options) : options.lock,
    diagnostics: requests.flatMap((request) => {
      return told(request, outcomes.get(documentKey(request.url, request.from)) ?? {})
    }),
    notes: preview === undefined ? [] : [previewNote(preview)],
  }
}

interface Fetching {
  readonly options: FetchOptions
  readonly rules: RemoteRules
  readonly preview: Preview | undefined
}

async function fetchOne({ url, from }: DocumentRequest, fetching: Fetching): Promise<Outcome> {
  const { options, rules, preview } = fetching
  const address = addressOf(url, from)
  if (address.kind === 'refused') return { refusal: address.refusal }
  if (address.kind !== 'remote') return localDocument(address, options.local)
  if (preview === undefined) return remoteDocument(address.url, options.lock.get(address.url.href), rules)
  if (preview.kind === 'origin') {
    return remoteDocument(substitute(address.url, preview.origin), undefined, rules)
  }
  return previewFromFolder(address.url, preview)
}

async function previewFromFolder(
  url: URL,
  { folder, read }: Extract<Preview, { kind: 'folder' }>,
): Promise<Outcome> {
  const paths = previewPaths(url)
  for (const path of paths) {
    const file = await read(path)
    if (file.status === 'found') return found(file)
    if (file.status === 'outside') {
      return refused('fetch/outside', `"${path}" leads out of "${folder}", expected a file in it`)
    }
    if (file.status === 'too-large') {
      return refused('fetch/too-large', `"${path}" in "${folder}" is too large, expected a document`)
    }
  }
  return refused('fetch/missing', `"${folder}" has no such file, expected "${paths[0]}" there`)
}

function rulesOf(options: FetchOptions, maxBytes: number): RemoteRules {
  const { signal, now = () => new Date() } = options
  const http: HttpOptions = {
    fetch: options.fetch ?? globalThis.fetch,
    signal,
    timeoutMs: options.timeoutMs ?? 10_000,
    maxBytes,
  }
  const retry: RetryOptions = {
    attempts: options.attempts ?? 3,
    sleep: options.sleep ?? ((ms, abort) => setTimeout(ms, undefined, abort && { signal: abort })),
    random: options.random ?? Math.random,
    now,
    signal,
  }
  return {
    cache: openCache(options.cache),
    ask: sparingDownHosts((url, validators) => withRetries(() => httpGet(url, validators, http), retry)),
    now,
    offline: options.offline ?? false,
    updateLock: options.updateLock ?? false,
    freshMs: options.freshMs ?? 0,
  }
}

function documentsOf(outcomes: ReadonlyMap<string, Outcome>): ReadonlyMap<string, FetchedDocument> {
  return new Map(
    [...outcomes].flatMap(([key, { document }]) =>
      document === undefined ? [] : [[key, document] as const],
    ),
  )
}

/** What is not referred to stays locked, since its file may only be broken for now; an update drops it. */
function nextLock(outcomes: ReadonlyMap<string, Outcome>, { lock, updateLock }: FetchOptions): Lock {
  const next = new Map([...lock].filter(([url]) => updateLock !== true || outcomes.has(url)))
  for (const [key, { locked }] of outcomes) if (locked !== undefined) next.set(key, locked)
  return next
}

function told(request: DocumentRequest, { refusal, warning }: Outcome): Diagnostic[] {
  const place = { path: request.from, line: request.line, column: request.column }
  const finding = ({ code, reason }: Refusal) => ({
    code,
    message: `Cannot fetch ${quoteUrl(request.url)}: ${reason}`,
    ...(code === 'fetch/changed' ? { fix: { description: 'Run "mill build --update-lock"' } } : {}),
  })
  return [
    ...(refusal === undefined ? [] : [errorAt(place, finding(refusal))]),
    ...(warning === undefined ? [] : [warningAt(place, finding(warning))]),
  ]
}

function previewNote(preview: Preview): string {
  const source = preview.kind === 'folder' ? preview.folder : preview.origin.href
  return `Documents come from ${JSON.stringify(source)}: a preview, content.lock is neither checked nor written`
}
