import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type ChannelPointer, channelName, channelPointerSchema } from '../schemas/channel.ts'
import { digestOf } from '../schemas/digest.ts'
import { encodeIndex, type ReleaseIndex, releaseId, releaseIndexSchema } from '../schemas/release.ts'
import { decodeEncoding, type Encodings, encode } from './encode.ts'
import { type NamedBytes, syncFolder, writeFolder } from './folder.ts'
import { mediaTypeOf } from './media-type.ts'
import type { Artifact, Release } from './release.ts'

/** What goes where. */
export interface PublishOptions {
  readonly store: string
  readonly release: Release
  readonly channel: string
  /** Commit the release was built from; null for the work tree. */
  readonly commit: string | null
  readonly now: () => Date
  /** A release of the same store that this one may share bytes with: these are neither encoded nor written again. */
  readonly previous?: StoredRelease | undefined
}

/** A release as the store holds it. */
export interface StoredRelease extends Release {
  /** Artifact name → its bytes in other encodings. */
  readonly encodings: ReadonlyMap<string, Encodings>
}

/** The store does not hold a release, or not the bytes its name promises. */
export class CorruptReleaseError extends Error {
  override readonly name = 'CorruptReleaseError'
}

/** What a publication came to: the pointer, and the release with the encodings that were made or found. */
export interface Publication {
  readonly pointer: ChannelPointer
  readonly release: StoredRelease
}

const SUFFIX = { br: '.br', gzip: '.gz' } as const

/** Publications to one channel, one after the other. */
const turns = new Map<string, Promise<unknown>>()

/**
 * Puts a release into a store and lets a channel point at it. When the promise resolves both are on disk; at
 * any moment before, the channel points at a whole release, the old or the new one.
 */
export async function publish(options: PublishOptions): Promise<Publication> {
  const file = pointerFile(options.store, options.channel)
  const turn = (turns.get(file) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => publishNow(options, file))
  turns.set(file, turn)
  try {
    return await turn
  } finally {
    if (turns.get(file) === turn) turns.delete(file)
  }
}

/** What a channel points at; undefined when nothing was published to it. */
export async function readPointer(store: string, channel: string): Promise<ChannelPointer | undefined> {
  const text = await readIfThere(pointerFile(store, channel))
  return text && channelPointerSchema.parse(JSON.parse(text.toString('utf8')))
}

/**
 * Reads a release, every byte verified.
 *
 * @throws {CorruptReleaseError} when it is not there, or not what its name promises.
 */
export async function readRelease(store: string, id: string): Promise<StoredRelease> {
  const dir = releaseFolder(store, id)
  const bytes = await readIfThere(join(dir, 'release.json'))
  if (bytes === undefined) throw new CorruptReleaseError(`Cannot find the release ${id} in "${store}"`)
  if (digestOf(bytes) !== id)
    throw new CorruptReleaseError(`Cannot use the release ${id}: its index has another digest`)
  const index = releaseIndexSchema.parse(JSON.parse(bytes.toString('utf8')))
  const artifacts = new Map<string, Artifact>()
  const encodings = new Map<string, Encodings>()
  for (const { file, digest, size } of refsOf(index)) {
    const artifact = await readArtifact(dir, { file, digest, size })
    artifacts.set(file, artifact)
    encodings.set(file, await readEncodings(dir, artifact))
  }
  return { id, index, artifacts, encodings }
}

async function publishNow(
  { store, release, channel, commit, now, previous }: PublishOptions,
  file: string,
): Promise<Publication> {
  const before = await readPointer(store, channel)
  const stored = await ensureRelease(store, release, previous)
  if (before?.release === release.id && before.commit === commit) return { pointer: before, release: stored }
  const pointer = channelPointerSchema.parse({
    channel,
    release: release.id,
    serial: before === undefined ? 1 : before.serial + (before.release === release.id ? 0 : 1),
    commit,
    publishedAt: now().toISOString(),
  })
  await mkdir(dirname(file), { recursive: true })
  await writeFileAtomic(file, `${JSON.stringify(pointer, null, 1)}\n`, { fsync: true })
  await syncFolder(dirname(file))
  await syncFolder(store)
  return { pointer, release: stored }
}

/** Writes the release unless the store has it, whole and sound. */
async function ensureRelease(
  store: string,
  release: Release,
  previous: StoredRelease | undefined,
): Promise<StoredRelease> {
  const sound = await readRelease(store, release.id).catch(() => undefined)
  if (sound !== undefined) return sound
  const encoded = await withEncodings(release, previous)
  const shared = (name: string) =>
    previous !== undefined && isShared(release, previous, name)
      ? releaseFolder(store, previous.id)
      : undefined
  await writeFolder(filesOf(encoded, shared), releaseFolder(store, release.id))
  return encoded
}

/** A release as a store would hold it. */
export async function withEncodings(release: Release, previous?: StoredRelease): Promise<StoredRelease> {
  const encoded = [...release.artifacts].map(async ([name, artifact]) => {
    const known = previous && isShared(release, previous, name) ? previous.encodings.get(name) : undefined
    return [name, known ?? (await encode(artifact))] as const
  })
  return { ...release, encodings: new Map(await Promise.all(encoded)) }
}

function isShared(release: Release, previous: Release, name: string): boolean {
  return release.artifacts.get(name)?.digest === previous.artifacts.get(name)?.digest
}

function filesOf(
  { index, artifacts, encodings }: StoredRelease,
  sharedWith: (name: string) => string | undefined,
): NamedBytes[] {
  const files: NamedBytes[] = [{ name: 'release.json', bytes: new TextEncoder().encode(encodeIndex(index)) }]
  for (const { name, bytes } of artifacts.values()) {
    const folder = sharedWith(name)
    const put = (path: string, content: Uint8Array) =>
      files.push({ name: path, bytes: content, same: folder && join(folder, path) })
    put(`files/${name}`, bytes)
    for (const encoding of ['br', 'gzip'] as const) {
      const coded = encodings.get(name)?.[encoding]
      if (coded !== undefined) put(`encoded/${name}${SUFFIX[encoding]}`, coded)
    }
  }
  return files
}

interface Ref {
  readonly file: string
  readonly digest: string
  readonly size: number
}

function refsOf({ agents, flows, skills, bundles, docs = [] }: ReleaseIndex): readonly Ref[] {
  return [...agents, ...flows, ...skills, ...bundles, ...docs.flatMap(({ asset }) => asset ?? [])]
}

async function readArtifact(dir: string, { file, digest, size }: Ref): Promise<Artifact> {
  const bytes = await readIfThere(join(dir, 'files', file))
  if (bytes === undefined) throw new CorruptReleaseError(`Cannot find "${file}" of the release in "${dir}"`)
  if (bytes.length !== size || digestOf(bytes) !== digest) {
    throw new CorruptReleaseError(
      `Cannot use "${file}" in "${dir}": its bytes have another digest than ${digest}`,
    )
  }
  return { name: file, bytes, digest, mediaType: mediaTypeOf(file) }
}

async function readEncodings(dir: string, { name, bytes, digest }: Artifact): Promise<Encodings> {
  const encodings: { br?: Uint8Array; gzip?: Uint8Array } = {}
  for (const encoding of ['br', 'gzip'] as const) {
    const encoded = await readIfThere(join(dir, 'encoded', name + SUFFIX[encoding]))
    if (encoded === undefined) continue
    const plain = await decodeEncoding(encoding, encoded, bytes.length).catch(() => undefined)
    if (plain === undefined || digestOf(plain) !== digest) {
      throw new CorruptReleaseError(
        `Cannot use "${name}${SUFFIX[encoding]}" in "${dir}": it does not decode to "${name}"`,
      )
    }
    encodings[encoding] = encoded
  }
  return encodings
}

/** Both parsers keep hostile names off the disk: a channel is a slug, a release a digest. */
function pointerFile(store: string, channel: string): string {
  return join(store, 'channels', `${channelName.parse(channel)}.json`)
}

function releaseFolder(store: string, id: string): string {
  if (!releaseId.safeParse(id).success)
    throw new CorruptReleaseError(`Cannot find the release ${JSON.stringify(id)}: expected 64 hex digits`)
  return join(store, 'releases', id)
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
