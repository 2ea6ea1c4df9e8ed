import { digestOf } from '../../schemas/digest.ts'
import type { ReleaseIndex } from '../../schemas/release.ts'
import { unpackStrictly } from './archive.ts'
import type { Mismatch } from './check.ts'

/** What the archive of everything must hold. */
export interface ResourcesZip {
  readonly index: ReleaseIndex
  /** Digests that its manifest may have. */
  readonly manifests: readonly string[]
  readonly bytes: Uint8Array
}

/** Why `skills-mcp-resources.zip` is not the manifest, every skill and every bundle of the index, in that order. */
export async function resourcesZipFault({
  index,
  manifests,
  bytes,
}: ResourcesZip): Promise<Mismatch | undefined> {
  const { files, fault } = await unpackStrictly(bytes)
  if (files === undefined) return { expected: 'a sound archive', came: fault }
  const own = [...index.skills, ...index.bundles]
  const expected = ['manifest.json', ...own.map(({ file }) => file)]
  const names = [...files.keys()]
  const at = expected.findIndex((name, nth) => names[nth] !== name)
  if (at !== -1)
    return { expected: `"${expected[at]}" as file ${at + 1}`, came: `"${names[at] ?? 'nothing'}"` }
  if (names.length > expected.length) return { expected: `${expected.length} files`, came: `${names.length}` }
  if (!manifests.includes(digestOf(files.get('manifest.json') ?? '')))
    return { expected: 'the manifest.json that is served', came: 'another' }
  const other = own.find(({ file, digest }) => digestOf(files.get(file) ?? '') !== digest)
  return other && { expected: `"${other.file}" with the digest ${other.digest}`, came: 'another' }
}
