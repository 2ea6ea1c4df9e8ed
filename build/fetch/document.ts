import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { Lock } from './lock.ts'

/** One reference to a document, and where it stands. */
export interface DocumentRequest {
  /** As the author wrote it. */
  readonly url: string
  /** File that holds the reference, relative to the content root. */
  readonly from: string
  readonly line: number
  readonly column: number
}

/** A document as it goes into the build. */
export interface FetchedDocument {
  /** Without byte order mark, `\n` line ends. */
  readonly text: string
  /** Of the bytes as they came. */
  readonly digest: string
  /** What the document calls itself, if it does. */
  readonly title?: string
}

/** Everything that was fetched: with this, all that follows is a pure function. */
export interface Documents {
  /** By `documentKey(url, from)`; for a remote document that is its URL without the fragment. */
  readonly byUrl: ReadonlyMap<string, FetchedDocument>
  /** What `content.lock` should say now. */
  readonly lock: Lock
  readonly diagnostics: readonly Diagnostic[]
  /** What a person should know of how the documents were come by; lines without a position. */
  readonly notes: readonly string[]
}

/** Why a document cannot be had. */
export interface Refusal {
  readonly code: Diagnostic['code']
  /** Clause that follows `Cannot fetch "<url>":`; says what is and what was wanted. */
  readonly reason: string
}
