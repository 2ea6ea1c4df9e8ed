import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { releaseId } from '../../schemas/release.ts'

/** `store/origins/<channel>.json`: what a pointer does not know, namely from what and by what it was built. */
const storeOriginSchema = z.strictObject({
  release: releaseId,
  /** Content folder, absolute. */
  content: z.string(),
  /** What answered in place of the sources of documents. */
  docsFrom: z.string().nullable(),
  /** Tools that the channel could give to its agents; null when nothing was forbidden. */
  ceiling: z.string().nullable(),
  /** Digest of the compiler's source. */
  compiler: z.string(),
})
export type StoreOrigin = z.infer<typeof storeOriginSchema>

/** Origin of what a channel of the store answers with; undefined when none was kept or it cannot be read. */
export async function readOrigin(dir: string, channel: string): Promise<StoreOrigin | undefined> {
  try {
    return storeOriginSchema.parse(JSON.parse(await readFile(originFile(dir, channel), 'utf8')))
  } catch {
    return undefined
  }
}

/** Keeps the origin of a channel. Losing it costs one build, so it is not fsynced. */
export async function writeOrigin(dir: string, channel: string, origin: StoreOrigin): Promise<void> {
  const file = originFile(dir, channel)
  await mkdir(dirname(file), { recursive: true })
  await writeFileAtomic(file, `${JSON.stringify(origin)}\n`, { fsync: false })
}

/** Rooms whose source decides what a build comes to. */
const COMPILER_ROOMS = ['build', 'schemas'] as const

/** Digest of the compiler's own source, so that a newer one never passes for the one that built a release. */
export async function compilerDigest(): Promise<string> {
  const hash = createHash('sha256')
  for (const room of COMPILER_ROOMS) {
    const folder = join(import.meta.dirname, '..', '..', room)
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'))
    for (const name of names.sort()) hash.update(`${name}\0`).update(await readFile(join(folder, name)))
  }
  return hash.digest('hex')
}

function originFile(dir: string, channel: string): string {
  return join(dir, 'origins', `${channel}.json`)
}
