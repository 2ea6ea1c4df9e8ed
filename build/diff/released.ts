import { renderFaces } from '../faces.ts'
import type { Release } from '../release.ts'
import type { Files } from '../unpack.ts'
import { readSurfaces, SURFACES, type Surfaces } from './surfaces.ts'

/** A release that can be compared: its name, and what it holds. */
export interface Compared {
  readonly release: string | null
  readonly surfaces: Surfaces
}

/** Addresses do not count in a diff, so all are written for this one. */
const BASE_URL = 'https://release.invalid/'

/** A release that was built, or is in a store; an empty one when nothing could be built. */
export function ofRelease(release: Release | undefined): Compared {
  if (release === undefined) {
    const none = SURFACES.map((surface) => [surface, new Map()])
    return { release: null, surfaces: Object.fromEntries(none) as Surfaces }
  }
  const served = [...release.artifacts.values(), ...renderFaces(release, BASE_URL).values()]
  const files = new Map(served.map(({ name, bytes }) => [name, bytes]))
  return { release: release.id, surfaces: readSurfaces({ files, plugins: release.index.plugins ?? [] }) }
}

/** A release as it lies in a folder that can be served. */
export function ofFolder(files: Files): Compared {
  const menu = JSON.parse(new TextDecoder().decode(files.get('skill-menu.json'))) as {
    readonly buildVersion: string
  }
  return { release: menu.buildVersion, surfaces: readSurfaces({ files, plugins: [] }) }
}
