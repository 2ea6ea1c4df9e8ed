import type { Release } from '../../build/release.ts'
import { coalesce } from '../coalesce.ts'

/** Puts releases on disk ahead of their publication, one at a time; of those that wait only the latest is worth it. */
export function staging(stage: (release: Release) => Promise<void>): (release: Release) => Promise<void> {
  let latest: Release | undefined
  const next = coalesce(async () => {
    const release = latest
    latest = undefined
    if (release !== undefined) await stage(release).catch(() => undefined)
  })
  return (release) => {
    latest = release
    return next()
  }
}
