import type { ServedRelease } from './served-release.ts'

/** Releases at hand, the most recently used ones, and never the same one loaded twice at a time. */
export interface Shelf {
  readonly put: (release: ServedRelease) => void
  readonly take: (id: string) => ServedRelease | Promise<ServedRelease | undefined>
}

export interface ShelfOptions {
  readonly limit: number
  /** Contract: rejects never. */
  readonly load: (id: string) => Promise<ServedRelease | undefined>
}

/** Keeps at most `limit` releases; what is not there is loaded, and what cannot be loaded is not remembered. */
export function shelf({ limit, load }: ShelfOptions): Shelf {
  const held = new Map<string, ReturnType<Shelf['take']>>()
  const keep = (id: string, release: ReturnType<Shelf['take']>) => {
    held.delete(id)
    held.set(id, release)
    for (const oldest of held.keys()) {
      if (held.size <= limit) break
      held.delete(oldest)
    }
  }
  return {
    put: (release) => keep(release.id, release),
    take: (id) => {
      const known = held.get(id)
      if (known !== undefined) {
        keep(id, known)
        return known
      }
      const loading = load(id).then((release) => {
        if (held.get(id) === loading) {
          if (release === undefined) held.delete(id)
          else held.set(id, release)
        }
        return release
      })
      keep(id, loading)
      return loading
    },
  }
}
