import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { renderFaces } from '../build/faces.ts'
import type { Artifact, Release } from '../build/release.ts'
import type { Encoding } from './negotiate.ts'

/** Bytes of an artifact in the codings made when it was published. */
export type EncodingsByName = ReadonlyMap<string, { readonly br?: Uint8Array; readonly gzip?: Uint8Array }>

/** One file of a release, ready to be sent. */
export interface ServedFile {
  readonly artifact: Artifact
  /** Codings besides identity. */
  readonly encodings: readonly Encoding[]
  readonly bytes: (encoding: Encoding) => Uint8Array | Promise<Uint8Array>
}

/** A release in memory. It never changes, so whoever holds one can never see two. */
export interface ServedRelease {
  readonly id: string
  /** The file of that name; menus are rendered for `origin`, such as `http://localhost:8765`. */
  readonly file: (name: string, origin: string) => ServedFile | undefined
}

/** Makes a release answer by file name. Menus are rendered once per origin, and the Host allow-list bounds those. */
export function servedRelease(release: Release, encodings: EncodingsByName): ServedRelease {
  const files = new Map<string, ServedFile>()
  for (const [name, artifact] of release.artifacts)
    files.set(name, encodedFile(artifact, encodings.get(name)))
  const faces = new Map<string, ReadonlyMap<string, ServedFile>>()
  const facesFor = (origin: string) => {
    const known = faces.get(origin)
    if (known !== undefined) return known
    const rendered = new Map<string, ServedFile>()
    for (const [name, artifact] of renderFaces(release, `${origin}/v/${release.id}/`)) {
      rendered.set(name, compressedOnDemand(artifact))
    }
    faces.set(origin, rendered)
    return rendered
  }
  return { id: release.id, file: (name, origin) => files.get(name) ?? facesFor(origin).get(name) }
}

function encodedFile(
  artifact: Artifact,
  made: { br?: Uint8Array; gzip?: Uint8Array } | undefined,
): ServedFile {
  if (made === undefined) return compressedOnDemand(artifact)
  const coded: Partial<Record<Encoding, Uint8Array>> = made
  return {
    artifact,
    encodings: (['br', 'gzip'] as const).filter((encoding) => made[encoding] !== undefined),
    bytes: (encoding) => coded[encoding] ?? artifact.bytes,
  }
}

const brotli = promisify<Uint8Array, object, Buffer>(brotliCompress)
const deflate = promisify<Uint8Array, Buffer>(gzip)

const COMPRESS = {
  br: (bytes: Uint8Array) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes: Uint8Array) => deflate(bytes),
} as const

/** What is not worth a coding: archives, and bodies that fit one packet. */
const SMALLEST = 860

function compressedOnDemand(artifact: Artifact): ServedFile {
  const worthwhile = isText(artifact.mediaType) && artifact.bytes.length >= SMALLEST
  const made = new Map<Encoding, Promise<Uint8Array>>()
  return {
    artifact,
    encodings: worthwhile ? ['br', 'gzip'] : [],
    bytes: (encoding) => {
      if (encoding === 'identity') return artifact.bytes
      const known = made.get(encoding)
      if (known !== undefined) return known
      const coding = COMPRESS[encoding](artifact.bytes)
      made.set(encoding, coding)
      return coding
    },
  }
}

/** True for media types whose bytes are text. */
export function isText(mediaType: string): boolean {
  return /^(text\/|application\/json\b)/.test(mediaType)
}
