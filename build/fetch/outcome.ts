import type { LockedDocument } from '../../schemas/content-lock.ts'
import { digestOf } from '../../schemas/digest.ts'
import { acceptText } from './accept-text.ts'
import type { FetchedDocument, Refusal } from './document.ts'
import { titleOf } from './title.ts'

/** What came of one document; told at every reference to it. */
export interface Outcome {
  readonly document?: FetchedDocument
  readonly refusal?: Refusal
  /** A document came, but not as it should. */
  readonly warning?: Refusal
  /** What the lock should say of it. */
  readonly locked?: LockedDocument
}

/** The outcome of having bytes: a document, or why they are none. */
export function found(source: {
  readonly bytes: Uint8Array
  readonly mediaType?: string | undefined
}): Outcome {
  const accepted = acceptText(source.bytes, source.mediaType)
  if ('refusal' in accepted) return accepted
  const title = titleOf(accepted.text)
  const document = { text: accepted.text, digest: digestOf(source.bytes) }
  return { document: title === undefined ? document : { ...document, title } }
}

export function refused(code: Refusal['code'], reason: string): Outcome {
  return { refusal: { code, reason } }
}
