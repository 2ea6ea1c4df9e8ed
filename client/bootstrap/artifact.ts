import { CommandError } from '../../schemas/cli.ts'
import { type FetchOptions, fetchBytes } from './fetch.ts'
import type { ArtifactCache } from './trust.ts'
import { verifyBytes } from './verify.ts'

/** What a menu or an index promises. */
export interface PromisedArtifact {
  readonly downloadUrl: string
  readonly digest: string
  readonly size: number
}

export interface ArtifactOptions extends FetchOptions {
  /** Absent: everything is fetched. */
  readonly cache?: ArtifactCache | undefined
}

/** Requests under way at the same time. */
const LANES = 6
/** What one run may fetch; bytes, and requests. */
const RUN_MAX = { bytes: 64 * 1024 * 1024, artifacts: 256 }

/**
 * The bytes that were promised, from an earlier run or from the server.
 * @throws {CommandError} `run/digest-mismatch`, `run/too-large` or what else fetching ends with
 */
export async function fetchArtifact(
  { downloadUrl, digest, size }: PromisedArtifact,
  options: ArtifactOptions,
): Promise<Uint8Array> {
  const known = await options.cache?.get(digest)
  if (known) return known
  const { bytes } = await fetchBytes(downloadUrl, { ...options, maxBytes: size })
  verifyBytes({ name: downloadUrl, digest, size }, bytes)
  await options.cache?.put(digest, bytes)
  return bytes
}

/** One request per distinct artifact, whoever wants it; by digest. */
export async function fetchArtifacts(
  wanted: Iterable<PromisedArtifact>,
  options: ArtifactOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const distinct = new Map(Array.from(wanted, (artifact) => [artifact.digest, artifact]))
  const bytes = distinct.values().reduce((sum, { size }) => sum + size, 0)
  if (distinct.size > RUN_MAX.artifacts || bytes > RUN_MAX.bytes) {
    throw new CommandError(
      'run/too-large',
      `Cannot fetch ${distinct.size} artifacts of ${bytes} bytes for one run: expected at most ${RUN_MAX.artifacts} of ${RUN_MAX.bytes}`,
    )
  }
  const found = new Map<string, Uint8Array>()
  const queue = distinct.values()
  const lane = async () => {
    for (const artifact of queue) found.set(artifact.digest, await fetchArtifact(artifact, options))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return found
}
