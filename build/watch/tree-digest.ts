import { digestOf } from '../../schemas/digest.ts'
import { comparePaths } from '../content-path.ts'
import type { SourceFile, SourceTree } from '../release.ts'

/** Bytes that were hashed before; whatever stands in a tree never changes. */
const digests = new WeakMap<Uint8Array, string>()

/** Equal for two trees only if they build the same. */
export function treeDigest({ files, diagnostics, examples, documents }: SourceTree): string {
  const sorted = [...(examples ?? [])].sort(([a], [b]) => comparePaths(a, b))
  const apps = sorted.map(([app, parts]) => [app, ...parts.map(line)])
  const texts = [...(documents ?? [])].map(([key, { digest }]) => [key, digest])
  return digestOf(JSON.stringify([files.map(line), apps, texts, diagnostics]))
}

function line({ path, bytes }: SourceFile): string {
  const digest = digests.get(bytes) ?? digestOf(bytes)
  digests.set(bytes, digest)
  return `${digest} ${path}`
}
