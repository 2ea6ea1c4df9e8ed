import { type Encodings, encode } from '../../build/encode.ts'
import type { Artifact } from '../../build/release.ts'
import { digestOf } from '../../schemas/digest.ts'
import type { ServedFile } from '../store/served-release.ts'

/** A text as a file that can be sent; it is coded when somebody first asks. */
export function textFile(text: string, mediaType: string): ServedFile {
  const bytes = new TextEncoder().encode(text)
  const artifact: Artifact = { name: 'text', bytes, digest: digestOf(bytes), mediaType }
  let coding: Promise<Encodings> | undefined
  return {
    artifact,
    encodings: () => {
      coding ??= encode(artifact)
      return coding
    },
  }
}

/** Makes files of JSON values that may be others each time; the same value as last is the same file, coded once. */
export function jsonFiles(): (value: object) => ServedFile {
  let last: { readonly text: string; readonly file: ServedFile } | undefined
  return (value) => {
    const text = `${JSON.stringify(value, null, 1)}\n`
    if (last?.text !== text) last = { text, file: textFile(text, 'application/json') }
    return last.file
  }
}
