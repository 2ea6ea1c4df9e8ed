import type { Diagnostic } from '../schemas/diagnostic.ts'
import type { ReleaseIndex } from '../schemas/release.ts'
import type { BaselineOutcome, BaselineUse } from './baseline/use.ts'
import type { FetchedDocument } from './fetch/document.ts'

/** A file as found, relative to the content root, forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** The tools that a channel may give to its agents. */
export interface ToolCeiling {
  readonly channel: string
  readonly tools: ReadonlySet<string>
}

/** What stands around the files of a tree: gathered before anything thinks, absent when nobody gathered it. */
export interface Surroundings {
  /** Example app, by its path in the folder that holds the content root → its files, relative to the app. */
  readonly examples?: ReadonlyMap<string, readonly SourceFile[]>
  /** Script source → what it was bundled to. */
  readonly scripts?: ReadonlyMap<string, BundledScript>
  /** Document that is referred to, by `documentKey` → what was fetched; why it was not is a diagnostic of the tree. */
  readonly documents?: ReadonlyMap<string, FetchedDocument>
  /** What the channel that the tree is built for may give to its agents; absent when nothing is forbidden. */
  readonly ceiling?: ToolCeiling | undefined
  /** What the build makes of old findings; `obey` when nobody says otherwise. */
  readonly baselineUse?: BaselineUse
}

/** A content tree as found, sorted by path; what could not be read is a diagnostic. */
export interface SourceTree extends Surroundings {
  readonly files: readonly SourceFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/** One script, ready to be served, with the paths of what it was made from; or why it cannot be. */
export type BundledScript =
  | { readonly text: string; readonly sources: readonly string[] }
  | { readonly diagnostics: readonly Diagnostic[] }

/** Bytes with a name and a digest. */
export interface Artifact {
  readonly name: string
  readonly bytes: Uint8Array
  readonly digest: string
  readonly mediaType: string
}

/** An immutable set of artifacts, named by the digest of its index. */
export interface Release {
  readonly id: string
  readonly index: ReleaseIndex
  readonly artifacts: ReadonlyMap<string, Artifact>
}

/** What a build came to: the sound part of the tree, if there is one, and every finding. */
export interface BuildOutcome {
  readonly release: Release | undefined
  /** What stands: findings that the tree's baseline excuses are not among them. */
  readonly diagnostics: readonly Diagnostic[]
  readonly baseline: BaselineOutcome
}
