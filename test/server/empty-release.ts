import type { ServedRelease } from '../../server/store/served-release.ts'

/** A release of that name with nothing in it. */
export function emptyRelease(id: string): ServedRelease {
  const index = { version: 1 as const, agents: [], flows: [], skills: [], bundles: [], cliEntries: [] }
  return { id, release: { id, index, artifacts: new Map() }, file: () => undefined }
}
