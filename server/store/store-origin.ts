import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { HistoryEntry } from '../../build/publish/record.ts'

/** What a pointer does not know, namely from what and by what its release was built. */
const storeOriginSchema = z.strictObject({
  /** Content folder, absolute. */
  content: z.string(),
  /** Digest of the compiler's source. */
  compiler: z.string(),
  /** What answered in place of the sources of documents. */
  docsFrom: z.string().nullable(),
  /** Tools that the channel could give to its agents; null when nothing was forbidden. */
  ceiling: z.string().nullable(),
  /** The default branch, for what was built from it. */
  branch: z.string().optional(),
  /** Digest of the tree; absent where a commit tells. */
  tree: z.string().optional(),
})
export type StoreOrigin = z.infer<typeof storeOriginSchema>

/** Origin of a release of a channel; undefined when a server did not publish it. */
export function originOf({ origin }: HistoryEntry): StoreOrigin | undefined {
  return storeOriginSchema.safeParse(origin).data
}

/** Rooms whose source decides what a build comes to. */
const COMPILER_ROOMS = ['build', 'schemas'] as const

/** Digest of the compiler's own source, so that a newer one never passes for the one that built a release. Read without waiting: that takes a tenth of the time. */
export function compilerDigest(): string {
  const hash = createHash('sha256')
  for (const room of COMPILER_ROOMS) {
    const folder = join(import.meta.dirname, '..', '..', room)
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  }
  return hash.digest('hex')
}
