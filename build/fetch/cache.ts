import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { CommandError } from '../../schemas/cli.ts'
import { digestOf, digestSchema } from '../../schemas/digest.ts'
import type { Validators } from './http-get.ts'

const entrySchema = z.strictObject({
  url: z.string(),
  digest: digestSchema,
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Milliseconds since the epoch at which the source last vouched for it. */
  checkedAt: z.number(),
})

/** The copy that a URL gave last. */
export interface CachedDocument {
  readonly bytes: Uint8Array
  readonly digest: string
  readonly validators: Validators
  readonly checkedAt: number
}

/** Copies of remote documents on disk. Bodies are named by their own digest, so an older copy outlives a newer one. */
export interface Cache {
  readonly latest: (url: string) => Promise<CachedDocument | undefined>
  readonly body: (digest: string) => Promise<Uint8Array | undefined>
  readonly keep: (url: string, copy: CachedDocument) => Promise<void>
}

/**
 * Opens a cache folder; it is made when it is first written to. What is damaged there counts as missing.
 *
 * `urls/<digest of the URL>.json` tells which body a URL gave last; `bodies/<digest>` are the bytes.
 */
export function openCache(folder: string): Cache {
  const body = async (digest: string) => {
    const bytes = await readFile(join(folder, 'bodies', digest)).catch(() => undefined)
    return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined
  }
  return {
    body,
    latest: async (url) => {
      const entry = await readEntry(entryPath(folder, url))
      const bytes = entry?.url === url ? await body(entry.digest) : undefined
      if (entry === undefined || bytes === undefined) return undefined
      const { digest, etag, lastModified, checkedAt } = entry
      return { bytes, digest, validators: { etag, lastModified }, checkedAt }
    },
    keep: async (url, { bytes, digest, validators, checkedAt }) => {
      if ((await body(digest)) === undefined) await write(join(folder, 'bodies'), digest, bytes)
      const entry = JSON.stringify({ url, digest, ...validators, checkedAt })
      await write(join(folder, 'urls'), `${digestOf(url)}.json`, entry)
    },
  }
}

function entryPath(folder: string, url: string): string {
  return join(folder, 'urls', `${digestOf(url)}.json`)
}

async function readEntry(path: string): Promise<z.infer<typeof entrySchema> | undefined> {
  try {
    return entrySchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    // A copy that did not reach the disk whole is noticed when it is read, so no fsync is waited for.
    await writeFileAtomic(join(folder, name), typeof content === 'string' ? content : Buffer.from(content), {
      fsync: false,
    })
  } catch (error) {
    throw unwritable(folder, error)
  }
}

function unwritable(folder: string, cause: unknown): CommandError {
  const message = `Cannot write to the cache folder "${folder}": ${(cause as Error).message}, expected a folder that can be written to (--cache)`
  return new CommandError('fetch/cache', message, { cause })
}
