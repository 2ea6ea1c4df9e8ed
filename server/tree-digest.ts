import type { SourceFile, SourceTree } from '../build/release.ts'
import { digestOf } from '../schemas/digest.ts'

/** Equal for two trees only if they build the same. */
export function treeDigest({ files, diagnostics, examples, documents }: SourceTree): string {
  const line = ({ path, bytes }: SourceFile) => `${digestOf(bytes)} ${path}`
  const apps = [...(examples ?? [])].map(([app, parts]) => [app, ...parts.map(line)])
  const texts = [...(documents ?? [])].map(([key, { digest }]) => [key, digest])
  return digestOf(JSON.stringify([files.map(line), apps, texts, diagnostics]))
}
