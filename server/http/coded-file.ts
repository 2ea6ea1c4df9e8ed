import type { Encodings } from '../../build/encode.ts'
import type { Artifact } from '../../build/release.ts'
import { etagOf } from './etag.ts'
import { ENCODINGS, type Encoding } from './negotiate.ts'

/** A file in every coding in which it can be sent. */
export interface CodedFile {
  readonly available: readonly Encoding[]
  /** The file itself where it is not available in that coding. */
  readonly in: (encoding: Encoding) => Coding
}

/** The bytes of a file in one coding, and what is said of them. */
export interface Coding {
  readonly bytes: Uint8Array
  readonly etag: string
  /** Names and values of headers by turns. */
  readonly description: readonly string[]
}

const files = new WeakMap<Artifact, { readonly encodings: Encodings; readonly file: CodedFile }>()

/** A file and what is said of it, put into words once for all requests. */
export function codedFile(artifact: Artifact, encodings: Encodings): CodedFile {
  const known = files.get(artifact)
  if (known?.encodings === encodings) return known.file
  const file = described(artifact, encodings)
  files.set(artifact, { encodings, file })
  return file
}

function described(artifact: Artifact, encodings: Encodings): CodedFile {
  const codings = new Map<Encoding, Coding>()
  const identity = codingOf(artifact, 'identity', artifact.bytes)
  for (const encoding of ENCODINGS) {
    const bytes = encoding === 'identity' ? undefined : encodings[encoding]
    if (bytes !== undefined) codings.set(encoding, codingOf(artifact, encoding, bytes))
  }
  return {
    available: [...codings.keys(), 'identity'],
    in: (encoding) => codings.get(encoding) ?? identity,
  }
}

function codingOf(artifact: Artifact, encoding: Encoding, bytes: Uint8Array): Coding {
  const manner = encoding === 'identity' ? ['Accept-Ranges', 'bytes'] : ['Content-Encoding', encoding]
  return {
    bytes,
    etag: etagOf(artifact.digest, encoding),
    description: ['Content-Type', contentType(artifact), ...manner],
  }
}

function contentType({ mediaType }: Artifact): string {
  return /^(text\/|application\/json$)/.test(mediaType) ? `${mediaType}; charset=utf-8` : mediaType
}
