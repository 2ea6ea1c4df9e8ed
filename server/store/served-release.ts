import { type Encodings, encode } from '../../build/encode.ts'
import { lazyFaces } from '../../build/faces.ts'
import type { StoredRelease } from '../../build/publish.ts'
import type { Artifact, Release } from '../../build/release.ts'

/** One file of a release, ready to be sent. */
export interface ServedFile {
  readonly artifact: Artifact
  /** Its bytes in the codings that make it smaller. */
  readonly encodings: () => Encodings | Promise<Encodings>
}

/** A release in memory. It never changes, so whoever holds one can never see two. */
export interface ServedRelease {
  readonly id: string
  /** What it holds, for views that tell of it. */
  readonly release: Release
  /** The file of that name; menus are rendered for `origin`, such as `http://localhost:8765`. */
  readonly file: (name: string, origin: string) => ServedFile | undefined
}

/** Makes a release answer by file name. Each face is rendered and coded once per origin, when it is first asked for; the Host allow-list bounds those. */
export function servedRelease(release: StoredRelease): ServedRelease {
  const files = new Map<string, ServedFile>()
  for (const [name, artifact] of release.artifacts) {
    const encodings = release.encodings.get(name) ?? {}
    files.set(name, { artifact, encodings: () => encodings })
  }
  const faces = new Map<string, ReadonlyMap<string, () => ServedFile>>()
  const facesFor = (origin: string) => {
    const known = faces.get(origin)
    if (known !== undefined) return known
    const rendered = new Map<string, () => ServedFile>()
    for (const [name, face] of lazyFaces(release, `${origin}/v/${release.id}/`)) {
      let file: ServedFile | undefined
      rendered.set(name, () => {
        file ??= codedOnce(face())
        return file
      })
    }
    faces.set(origin, rendered)
    return rendered
  }
  return {
    id: release.id,
    release,
    file: (name, origin) => files.get(name) ?? facesFor(origin).get(name)?.(),
  }
}

/** An artifact as a file that can be sent; it is coded when somebody first asks. */
export function codedOnce(artifact: Artifact): ServedFile {
  let coding: Promise<Encodings> | undefined
  return {
    artifact,
    encodings: () => {
      coding ??= encode(artifact)
      return coding
    },
  }
}
