import { type Example, renderExample } from './example/render.ts'
import type { Skip } from './example/skip.ts'
import type { Reference } from './expanded.ts'
import type { FetchedDocument } from './fetch/document.ts'
import type { Library, Markdown } from './library.ts'
import type { Memo } from './memo.ts'
import type { BundledScript, SourceFile, Surroundings } from './release.ts'

/**
 * What a step may ask of the files of a tree. Each is a question with one text for an argument, so that a memo can
 * ask it again.
 */
export interface FileSources {
  /** True for every path there is, those of files that could not be read included. */
  readonly has: (path: string) => boolean
  readonly bytes: (path: string) => Uint8Array | undefined
  /** Undefined when the file is missing or broken; what is broken has been told. */
  readonly markdown: (path: string) => Markdown | undefined
  /** Every path inside a folder, sorted. */
  readonly folder: (path: string) => readonly string[]
  readonly script: (path: string) => BundledScript | undefined
}

/** What partials are asked. */
export interface PartialSources {
  /** Text of a partial with its includes in place; undefined when there is none or it is broken. */
  readonly partial: (name: string) => string | undefined
  readonly isPartial: (name: string) => boolean
  readonly partialNames: () => readonly string[]
}

/** What the variants of a group are asked of it; undefined and `broken` stand for what has been told. */
export interface GroupTexts {
  /** The template at a path, its includes in place. */
  readonly template: (path: string) => string | undefined
  readonly references: () => readonly Reference[] | 'broken'
}

/** What a step may ask of a tree whose documents are sound by themselves; `unread` is what nobody gathered. */
export interface Sources extends FileSources, PartialSources {
  /** An example app as it is shown. */
  readonly example: (path: string) => Example | 'missing' | 'unread'
  readonly document: (key: string) => FetchedDocument | 'missing' | 'unread'
}

export function fileSources(library: Library, { scripts }: Surroundings): FileSources {
  return {
    has: library.has,
    bytes: library.bytes,
    markdown: (path) => library.markdown(path, 'optional'),
    folder: library.folder,
    script: (path) => scripts?.get(path),
  }
}

export function surroundingSources(
  { examples, documents }: Surroundings,
  { skip, memo }: { readonly skip: (examplePath: string) => Skip; readonly memo: Memo },
): Pick<Sources, 'example' | 'document'> {
  return {
    example: (path) => {
      if (examples === undefined) return 'unread'
      const files = examples.get(path)
      return files === undefined ? 'missing' : memo.of(shownExample, path, skip(path), ...files)
    },
    document: (key) => (documents === undefined ? 'unread' : (documents.get(key) ?? 'missing')),
  }
}

function shownExample(path: string, skip: Skip, ...files: readonly SourceFile[]): Example {
  return renderExample(files, { path, skip })
}
