import { isDeepStrictEqual } from 'node:util'
import { type Memo, NO_MEMORY, openMemo } from './memo.ts'
import { build } from './pipeline.ts'
import type { BuildOutcome, SourceFile, SourceTree } from './release.ts'

/** Builds one tree after another, and makes again only what has changed. */
export interface Builder {
  /** What `build()` makes of the tree, to the byte. */
  readonly build: (tree: SourceTree) => BuildOutcome
}

/** A builder with nothing behind it. It keeps what its last build has used, and no more. */
export function createBuilder(): Builder {
  let before = NO_MEMORY
  return {
    build: (tree) => {
      const { memo, memory } = openMemo(before)
      const outcome = build(known(tree, memo), memo)
      before = memory
      return outcome
    },
  }
}

/**
 * The tree with everything that is as it was being the very same value as before: from here on, what is the same
 * is told by identity.
 */
function known(tree: SourceTree, memo: Memo): SourceTree {
  const { files, examples, scripts, documents } = tree
  const file = (folder: string) => (one: SourceFile) => memo.same(`${folder}/${one.path}`, one, sameFile)
  return {
    ...tree,
    files: files.map(file('content')),
    ...(examples === undefined
      ? {}
      : { examples: mapValues(examples, (app, path) => app.map(file(`example/${path}`))) }),
    ...(scripts === undefined
      ? {}
      : {
          scripts: mapValues(scripts, (script, path) =>
            memo.same(`script/${path}`, script, isDeepStrictEqual),
          ),
        }),
    ...(documents === undefined
      ? {}
      : {
          documents: mapValues(documents, (one, key) => memo.same(`document/${key}`, one, isDeepStrictEqual)),
        }),
  }
}

function mapValues<Value>(
  map: ReadonlyMap<string, Value>,
  change: (value: Value, key: string) => Value,
): ReadonlyMap<string, Value> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]))
}

function sameFile(a: SourceFile, b: SourceFile): boolean {
  return a.path === b.path && (a.bytes === b.bytes || Buffer.compare(a.bytes, b.bytes) === 0)
}
