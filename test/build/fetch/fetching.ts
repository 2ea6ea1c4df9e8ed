import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { DocumentRequest, Documents } from '../../../build/fetch/document.ts'
import { type FetchOptions, fetchDocuments } from '../../../build/fetch/fetch-documents.ts'
import type { Lock } from '../../../build/fetch/lock.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { type Reply, type Source, startSource } from './source.ts'

/** File that every reference of these tests stands in. */
export const FROM = 'skills/greeting/config.yaml'

export function request(url: string, line = 7, column = 9): DocumentRequest {
  return { url, from: FROM, line, column }
}

export function lockOf(url: string, body: string): Lock {
  return new Map([[url, { digest: digestOf(body), size: Buffer.byteLength(body) }]])
}

export function codes({ diagnostics }: Documents): string[] {
  return diagnostics.map(({ severity, code }) => `${severity} ${code}`)
}

/** A scratch folder, sources and a cache for each test of a file; `pauses` are those that were slept. */
export function fetching() {
  const state = { scratch: '', sources: [] as Source[], pauses: [] as number[] }
  beforeEach(async () => {
    Object.assign(state, { scratch: await mkdtemp(join(tmpdir(), 'mill-fetch-')), sources: [], pauses: [] })
  })
  afterEach(async () => {
    await Promise.all(state.sources.map((source) => source.close()))
    await rm(state.scratch, { recursive: true, force: true })
  })
  return {
    scratch: () => state.scratch,
    pauses: () => state.pauses,
    source: async (replies: Readonly<Record<string, Reply>>): Promise<Source> => {
      const started = await startSource(replies)
      state.sources.push(started)
      return started
    },
    fetchAll: (urls: readonly string[], options: Partial<FetchOptions> = {}): Promise<Documents> =>
      fetchDocuments(
        urls.map((url) => request(url)),
        {
          lock: new Map(),
          cache: join(state.scratch, 'cache'),
          local: { inside: () => undefined, beside: async () => ({ status: 'missing' }) },
          sleep: async (ms) => {
            state.pauses.push(ms)
          },
          random: () => 0.5,
          ...options,
        },
      ),
  }
}
