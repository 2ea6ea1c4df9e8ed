import { groupConfigSchema } from '../../schemas/group.ts'
import { skillPath } from '../../schemas/ids.ts'
import { type SkipPatterns, skipPatternsSchema } from '../../schemas/skip-patterns.ts'
import { openBriefMemo } from '../brief-memo.ts'
import { openLibrary } from '../library.ts'
import type { SourceFile } from '../release.ts'
import { dirOf } from './names.ts'
import { type Skip, skipFor } from './skip.ts'

/** What a content tree asks to see of the folder that holds it. */
export interface ExampleRequests {
  /** Folders of example apps, sorted, each once. */
  readonly paths: readonly string[]
  /** What is left out of one of them. */
  readonly skip: (examplePath: string) => Skip
}

/** Reads the example apps that a tree names. What is wrong with the files that name them is told by the build. */
export function exampleRequests(files: readonly SourceFile[]): ExampleRequests {
  const relevant = files.filter(({ path }) => path === SKIP_PATTERNS || CONFIG.test(path))
  const library = openLibrary(relevant, { report: () => undefined, memo: openBriefMemo() })
  const paths = library.paths
    .filter((path) => CONFIG.test(path))
    .flatMap((path) => named(library.yaml(path)?.data))
  const patterns = readPatterns(library.yaml(SKIP_PATTERNS)?.data)
  return { paths: [...new Set(paths)].sort(), skip: (path) => skipFor(patterns, dirOf(path)) }
}

/** Where the skip patterns of a tree stand. */
export const SKIP_PATTERNS = 'skip-patterns.yaml'

/** An example path in the one form in which it is looked up; undefined when it would leave the folder. */
export function examplePathOf(written: string): string | undefined {
  const path = written.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
  return skillPath.safeParse(path).success && !/^[A-Za-z]:/.test(path) ? path : undefined
}

/** The example paths of a variant, as a list. */
export function examplePathsOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}

/** The patterns of a `skip-patterns.yaml`; none when it is not as it must be. */
function readPatterns(data: unknown): SkipPatterns {
  return skipPatternsSchema.safeParse(data).data ?? {}
}

const CONFIG = /^skills\/(.+)\/config\.yaml$/
const VARIANTS = groupConfigSchema.shape.variants

/** Variants are read one by one, so that one broken variant does not hide the examples of another. */
function named(data: unknown): string[] {
  const { variants } = (data ?? {}) as { readonly variants?: unknown }
  if (!Array.isArray(variants)) return []
  return variants.flatMap((variant) =>
    (VARIANTS.safeParse([variant]).data ?? [])
      .flatMap(({ example_paths }) => examplePathsOf(example_paths))
      .flatMap((path) => examplePathOf(path) ?? []),
  )
}
