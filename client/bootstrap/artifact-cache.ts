import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { digestOf, digestSchema } from '../../schemas/digest.ts'
import type { ArtifactCache } from './trust.ts'

/** What a cache may hold before the oldest artifacts go; bytes. */
const CACHE_MAX = 64 * 1024 * 1024

/** Keeps artifacts in a folder of the user, each under its digest, which is held against them when they are read. */
export function artifactCache(folder: string, max: number = CACHE_MAX): ArtifactCache {
  return {
    get: async (digest) => {
      const bytes = await readFile(join(folder, digestSchema.parse(digest))).catch(() => null)
      return bytes !== null && digestOf(bytes) === digest ? bytes : null
    },
    put: async (digest, bytes) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFileAtomic(join(folder, digestSchema.parse(digest)), Buffer.from(bytes), {
          fsync: false,
          mode: 0o600,
        })
        await shrink(folder, max)
      } catch {
        // A cache that cannot be written is an empty one.
      }
    },
  }
}

async function shrink(folder: string, max: number): Promise<void> {
  const names = (await readdir(folder)).slice(0, 10_000)
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name))
      return { path: join(folder, name), size, mtimeMs }
    }),
  )
  let total = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= max) return
    await rm(path, { force: true })
    total -= size
  }
}
