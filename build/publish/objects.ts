import { readFileSync, statSync } from 'node:fs'
import { digestOf } from '../../schemas/digest.ts'
import { decodeEncoding, type Encodings, encode, isEncodable } from '../encode.ts'
import { mediaTypeOf } from '../media-type.ts'
import type { Artifact } from '../release.ts'
import { CorruptReleaseError } from './corrupt.ts'
import type { Draft } from './draft.ts'
import { layoutOf } from './layout.ts'
import { sideBySide } from './side-by-side.ts'

/** What an index says of one artifact. */
export interface ArtifactRef {
  readonly file: string
  readonly digest: string
  readonly size: number
}

/** An artifact as the store holds it. */
export interface StoredArtifact {
  readonly artifact: Artifact
  readonly encodings: Encodings
}

/** The bytes of a store. Equal artifacts are one object on disk, and one in memory while anybody holds it. */
export interface Objects {
  /** Reads artifacts, every byte verified. @throws {CorruptReleaseError} when one is missing or damaged. */
  readonly read: (refs: readonly ArtifactRef[]) => Promise<readonly StoredArtifact[]>
  /** Sees to it that artifacts are on disk and sound: what is not is written. For the holder of the lock. */
  readonly write: (artifacts: readonly Artifact[], draft: Draft) => Promise<readonly StoredArtifact[]>
}

const SUFFIX = { br: '.br', gzip: '.gz' } as const
const CODINGS = ['br', 'gzip'] as const

/** Opens the objects of a store. */
export function openObjects(store: string): Objects {
  const { object } = layoutOf(store)
  const held = heldArtifacts()
  const load = async (ref: ArtifactRef, path: string, stamp: string): Promise<StoredArtifact> => {
    const artifact = readVerified(path, ref)
    return held.keep({ artifact, encodings: await readEncodings(path, artifact) }, stamp)
  }
  const save = async (artifact: Artifact, path: string, draft: Draft): Promise<StoredArtifact> => {
    const encodings = await encode(artifact)
    for (const coding of CODINGS) {
      const coded = encodings[coding]
      if (coded !== undefined) await draft.put(path + SUFFIX[coding], coded, 'fast')
    }
    await draft.put(path, artifact.bytes)
    return held.keep({ artifact, encodings }, stampOf(path))
  }
  return {
    read: (refs) =>
      sideBySide(refs, async (ref) => {
        const path = object(ref.digest)
        return held.take(ref) ?? (await load(ref, path, stampOf(path)))
      }),
    write: (artifacts, draft) =>
      sideBySide(artifacts, async (artifact) => {
        const { name, digest, bytes } = artifact
        const path = object(digest)
        const stamp = stampOf(path)
        if (stamp === ABSENT) return await save(artifact, path, draft)
        const ref = { file: name, digest, size: bytes.length }
        const sound = held.take(ref, stamp) ?? (await load(ref, path, stamp).catch(() => undefined))
        return sound ?? (await save(artifact, path, draft))
      }),
  }
}

/** Artifacts that were read or written once, for as long as somebody uses them. */
function heldArtifacts() {
  const artifacts = new Map<string, { readonly stamp: string; readonly artifact: WeakRef<Artifact> }>()
  const encodings = new WeakMap<Artifact, Encodings>()
  const gone = new FinalizationRegistry<string>((digest) => {
    if (artifacts.get(digest)?.artifact.deref() === undefined) artifacts.delete(digest)
  })
  return {
    keep: (stored: StoredArtifact, stamp: string): StoredArtifact => {
      const { artifact } = stored
      artifacts.set(artifact.digest, { stamp, artifact: new WeakRef(artifact) })
      encodings.set(artifact, stored.encodings)
      gone.register(artifact, artifact.digest)
      return stored
    },
    /** With a stamp: only if its file still has it, and so still has its bytes. */
    take: ({ file, digest }: ArtifactRef, stamp?: string): StoredArtifact | undefined => {
      const known = artifacts.get(digest)
      const artifact = known?.artifact.deref()
      if (artifact === undefined || (stamp !== undefined && known?.stamp !== stamp)) return undefined
      const named =
        artifact.name === file ? artifact : { ...artifact, name: file, mediaType: mediaTypeOf(file) }
      return { artifact: named, encodings: encodings.get(artifact) ?? {} }
    },
  }
}

/** Stamp of a file that is not there. */
const ABSENT = 'absent'

/** Changes whenever the bytes of a file are written. Asked for hundreds at once, so it does not go through threads. */
function stampOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? ABSENT : `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
}

function readVerified(path: string, { file, digest, size }: ArtifactRef): Artifact {
  const bytes = readOr(path, (cause) => {
    throw new CorruptReleaseError(`Cannot read "${file}" at "${path}": ${cause.code}`, { cause })
  })
  if (bytes.length !== size || digestOf(bytes) !== digest) {
    throw new CorruptReleaseError(
      `Cannot use "${file}" at "${path}": its bytes have another digest than its name`,
    )
  }
  return { name: file, bytes, digest, mediaType: mediaTypeOf(file) }
}

/** A small file is read faster than it is waited for. */
function readOr<Other>(path: string, other: (cause: NodeJS.ErrnoException) => Other): Uint8Array | Other {
  try {
    return readFileSync(path)
  } catch (error) {
    return other(error as NodeJS.ErrnoException)
  }
}

/** An encoding that does not decode to its artifact is made anew: it is not part of what a release is. */
async function readEncodings(path: string, artifact: Artifact): Promise<Encodings> {
  if (!isEncodable(artifact)) return {}
  const encodings: { br?: Uint8Array; gzip?: Uint8Array } = {}
  for (const coding of CODINGS) {
    const coded = readOr(path + SUFFIX[coding], () => undefined)
    if (coded === undefined) continue
    const plain = await decodeEncoding(coding, coded, artifact.bytes.length).catch(() => undefined)
    if (plain === undefined || digestOf(plain) !== artifact.digest) return await encode(artifact)
    encodings[coding] = coded
  }
  return encodings
}
