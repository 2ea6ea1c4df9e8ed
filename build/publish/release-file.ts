import { digestOf } from '../../schemas/digest.ts'
import { encodeIndex, type ReleaseIndex, releaseIndexSchema } from '../../schemas/release.ts'
import { type Encodings, encode } from '../encode.ts'
import type { Release } from '../release.ts'
import { readIfThere } from './channel-state.ts'
import { CorruptReleaseError, MissingReleaseError } from './corrupt.ts'
import type { Draft } from './draft.ts'
import { type Layout, layoutOf } from './layout.ts'
import { type ArtifactRef, type Objects, openObjects, type StoredArtifact } from './objects.ts'
import { sideBySide } from './side-by-side.ts'

/** A release as the store holds it. */
export interface StoredRelease extends Release {
  /** Artifact name → its bytes in other encodings. */
  readonly encodings: ReadonlyMap<string, Encodings>
}

/**
 * Reads a release, every byte verified.
 *
 * @throws {CorruptReleaseError} when it is not there, or not what its name promises.
 */
export async function readRelease(
  store: string,
  id: string,
  objects: Objects = openObjects(store),
): Promise<StoredRelease> {
  const text = await readIfThere(layoutOf(store).release(id))
  if (text === undefined) throw new MissingReleaseError(`Cannot find the release ${id} in "${store}"`)
  if (digestOf(text) !== id)
    throw new CorruptReleaseError(`Cannot use the release ${id}: its index has another digest`)
  const index = releaseIndexSchema.parse(JSON.parse(text))
  return storedRelease({ id, index }, await objects.read(refsOf(index)))
}

/** Writes what the store has not, whole and sound, of a release: its objects first, its index last. */
export async function writeRelease(
  layout: Layout,
  release: Release,
  { objects, draft }: { readonly objects: Objects; readonly draft: Draft },
): Promise<StoredRelease> {
  const stored = await objects.write([...release.artifacts.values()], draft)
  const path = layout.release(release.id)
  const there = await readIfThere(path).catch(() => undefined)
  if (there === undefined || digestOf(there) !== release.id) {
    await draft.settle()
    await draft.put(path, encodeIndex(release.index))
  }
  await draft.settle()
  return storedRelease(release, stored)
}

/** A release as a store would hold it. */
export async function withEncodings(release: Release): Promise<StoredRelease> {
  const artifacts = [...release.artifacts.values()]
  const stored = await sideBySide(artifacts, async (artifact) => ({
    artifact,
    encodings: await encode(artifact),
  }))
  return storedRelease(release, stored)
}

function storedRelease(
  { id, index }: Pick<Release, 'id' | 'index'>,
  stored: readonly StoredArtifact[],
): StoredRelease {
  return {
    id,
    index,
    artifacts: new Map(stored.map(({ artifact }) => [artifact.name, artifact])),
    encodings: new Map(stored.map(({ artifact, encodings }) => [artifact.name, encodings])),
  }
}

function refsOf({ agents, flows, skills, bundles, docs = [] }: ReleaseIndex): readonly ArtifactRef[] {
  return [...agents, ...flows, ...skills, ...bundles, ...docs.flatMap(({ asset }) => asset ?? [])]
}
