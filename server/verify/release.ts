import { renderFaces } from '../../build/faces.ts'
import { mediaTypeOf } from '../../build/media-type.ts'
import type { Artifact } from '../../build/release.ts'
import { digestOf } from '../../schemas/digest.ts'
import { RELEASE_INDEX, type ReleaseIndex, releaseIndexSchema } from '../../schemas/release.ts'
import { verifyArtifacts } from './artifacts.ts'
import type { Check } from './check.ts'
import { MENUS, type MenuName, verifyMenu } from './menus.ts'
import { resourcesZipFault } from './resources-zip.ts'
import { readSums } from './sums.ts'

const SUMS = 'SHA256SUMS'
const ARCHIVE = 'skills-mcp-resources.zip'
const FACES = [...Object.keys(MENUS), ARCHIVE, RELEASE_INDEX]

/** A release by its name, and where its files are; the prefix is empty or ends with `/`. */
export interface ReleasePlace {
  readonly id: string
  readonly prefix: string
}

/**
 * Holds every file of a release against its index, and the index against the release's name. Gives back the digest
 * of each file as it came.
 */
export async function verifyRelease(check: Check, place: ReleasePlace): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>()
  const index = await readIndex(check, place)
  if (index === undefined) return seen
  const { id, prefix } = place
  const sound = await verifyArtifacts(check, prefix, index)
  for (const [file, bytes] of sound) seen.set(file, digestOf(bytes))
  const expected = renderFaces({ id, index, artifacts: artifactsOf(sound) }, check.baseUrl + prefix)
  const came = await readFaces(check, prefix)
  for (const [name, bytes] of came) seen.set(name, digestOf(bytes))
  await verifyFaces(check, { prefix, index, sound, expected, came })
  return seen
}

async function readIndex(check: Check, { id, prefix }: ReleasePlace): Promise<ReleaseIndex | undefined> {
  const path = prefix + RELEASE_INDEX
  const bytes = await check.need(path)
  if (bytes === undefined) return undefined
  const digest = digestOf(bytes)
  if (digest !== id) {
    check.report('index', path, { expected: `the digest ${id}, which names the release`, came: digest })
    return undefined
  }
  try {
    return releaseIndexSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    check.report('index', path, { expected: 'the index of a release', came: 'something else' })
    return undefined
  }
}

async function readFaces(check: Check, prefix: string): Promise<Map<string, Uint8Array>> {
  const faces = new Map<string, Uint8Array>()
  await Promise.all(
    [...FACES, SUMS].map(async (name) => {
      const bytes = await check.need(prefix + name)
      if (bytes !== undefined) faces.set(name, bytes)
    }),
  )
  return faces
}

interface Faces {
  readonly prefix: string
  readonly index: ReleaseIndex
  readonly sound: ReadonlyMap<string, Uint8Array>
  readonly expected: ReadonlyMap<string, Artifact>
  readonly came: ReadonlyMap<string, Uint8Array>
}

async function verifyFaces(check: Check, faces: Faces): Promise<void> {
  const { prefix, index, expected, came } = faces
  /** Faces that say what they must; their bytes may still not be those that were summed. */
  const right = new Set<string>([RELEASE_INDEX])
  for (const name of Object.keys(MENUS) as MenuName[]) {
    const bytes = came.get(name)
    const wanted = expected.get(name)?.bytes
    if (bytes === undefined || wanted === undefined) continue
    if (verifyMenu(check, { name, path: prefix + name, expected: wanted, came: bytes })) right.add(name)
  }
  const archive = came.get(ARCHIVE)
  if (archive !== undefined) {
    const manifests = [came.get('manifest.json'), expected.get('manifest.json')?.bytes]
    const digests = manifests.flatMap((bytes) => (bytes === undefined ? [] : [digestOf(bytes)]))
    const fault = await resourcesZipFault({ index, manifests: digests, bytes: archive })
    if (fault === undefined) right.add(ARCHIVE)
    else check.report('archive', prefix + ARCHIVE, fault)
  }
  verifySums(check, faces, right)
}

/** Each line names a file of the release and its digest. */
function verifySums(check: Check, faces: Faces, right: ReadonlySet<string>): void {
  const { prefix, index, came } = faces
  const path = prefix + SUMS
  const bytes = came.get(SUMS)
  const sums = bytes && readSums(check, path, bytes)
  if (sums === undefined) return
  const names = new Set([...refsOf(index).map(({ file }) => file), ...FACES])
  const extra = [...sums.keys()].find((name) => !names.has(name))
  if (extra !== undefined)
    check.report('sums', path, { expected: 'files of the release', came: `"${extra}"` })
  for (const { file, digest } of refsOf(index)) {
    const told = sums.get(file)
    if (told !== digest)
      check.report('sums', path, { expected: `${digest} for ${file}`, came: told ?? 'nothing' })
  }
  for (const name of right) compareSum(check, faces, { name, told: sums.get(name) ?? 'nothing' })
}

interface Sum {
  readonly name: string
  /** What stands in the list. */
  readonly told: string
}

/** Where a face that says what it must and its digest disagree, the one that is not as made is blamed. */
function compareSum(check: Check, { prefix, expected, came }: Faces, { name, told }: Sum): void {
  const digest = digestOf(came.get(name) ?? '')
  if (told === digest || !came.has(name)) return
  if (expected.get(name)?.digest === digest)
    check.report('sums', prefix + SUMS, { expected: `${digest} for ${name}`, came: told })
  else check.report(codeOf(name), prefix + name, { expected: `the digest ${told} of ${SUMS}`, came: digest })
}

function codeOf(face: string): 'archive' | 'index' | (typeof MENUS)[MenuName][0] {
  if (face in MENUS) return MENUS[face as MenuName][0]
  return face === ARCHIVE ? 'archive' : 'index'
}

function refsOf({ agents, flows, skills, bundles, docs = [] }: ReleaseIndex) {
  return [...agents, ...flows, ...skills, ...bundles, ...docs.flatMap(({ asset }) => asset ?? [])]
}

function artifactsOf(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Artifact> {
  return new Map(
    [...files].map(([name, bytes]) => [
      name,
      { name, bytes, digest: digestOf(bytes), mediaType: mediaTypeOf(name) },
    ]),
  )
}
