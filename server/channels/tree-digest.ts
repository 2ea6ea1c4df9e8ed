import { comparePaths } from '../../build/content-path.ts'
import type { SourceFile, SourceTree } from '../../build/release.ts'
import { digestOf } from '../../schemas/digest.ts'

/** Equal for two trees only if they build the same. */
export function treeDigest({ files, diagnostics, examples, documents }: SourceTree): string {
  const line = ({ path, bytes }: SourceFile) => `${digestOf(bytes)} ${path}`
  const sorted = [...(examples ?? [])].sort(([a], [b]) => comparePaths(a, b))
  const apps = sorted.map(([app, parts]) => [app, ...parts.map(line)])
  const texts = [...(documents ?? [])].map(([key, { digest }]) => [key, digest])
  return digestOf(JSON.stringify([files.map(line), apps, texts, diagnostics]))
}
