import { contentLockSchema, type LockedDocument } from '../../schemas/content-lock.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { comparePaths } from '../content-path.ts'
import { errorAt } from '../finding.ts'
import { START } from '../position.ts'

/** Where the lock stands, relative to the content root. */
export const LOCK_PATH = 'content.lock'

/** URL → the bytes that were accepted from there. */
export type Lock = ReadonlyMap<string, LockedDocument>

/** Reads `content.lock`; an empty lock and a diagnostic when it cannot be read. */
export function parseLock(text: string): {
  readonly lock: Lock
  readonly diagnostics: readonly Diagnostic[]
} {
  try {
    const { documents } = contentLockSchema.parse(JSON.parse(text))
    return { lock: new Map(Object.entries(documents)), diagnostics: [] }
  } catch {
    const message = `Cannot read "${LOCK_PATH}": expected {"version":1,"documents":{"<url>":{"digest","size"}}} as "mill build --update-lock" writes it`
    const fix = { description: 'Run "mill build --update-lock"' }
    return {
      lock: new Map(),
      diagnostics: [errorAt({ path: LOCK_PATH, ...START }, { code: 'fetch/lock', message, fix })],
    }
  }
}

/** The one text of a lock: sorted by URL, one a line, so that branches merge. */
export function formatLock(lock: Lock): string {
  const sorted = [...lock].sort(([a], [b]) => comparePaths(a, b))
  const lines = sorted.map(
    ([url, { digest, size }]) => `    ${JSON.stringify(url)}: ${JSON.stringify({ digest, size })}`,
  )
  const documents = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`
  return `{\n  "version": 1,\n  "documents": ${documents}\n}\n`
}
