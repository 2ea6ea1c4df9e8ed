import type { ServedRelease } from './served-release.ts'

/** Releases at hand, the most recently used ones, and never the same one loaded twice at a time. */
export interface Shelf {
  readonly put: (release: ServedRelease) => void
  readonly take: (id: string) => ServedRelease | Promise<ServedRelease | undefined>
}

export interface ShelfOptions {
  readonly limit: number
  /** Bytes that all of them may have together; what several have in common counts once. One is kept however large it is. */
  readonly room: number
  /** Contract: rejects never. */
  readonly load: (id: string) => Promise<ServedRelease | undefined>
}

type Held = ReadonlyMap<string, ReturnType<Shelf['take']>>

/** Keeps at most `limit` releases; what is not there is loaded, and what cannot be loaded is not remembered. */
export function shelf({ load, ...bounds }: ShelfOptions): Shelf {
  const held = new Map<string, ReturnType<Shelf['take']>>()
  const use = (id: string, release: ReturnType<Shelf['take']>) => {
    held.delete(id)
    held.set(id, release)
  }
  const tidy = () => {
    for (const id of beyond(held, bounds)) held.delete(id)
  }
  return {
    put: (release) => {
      use(release.id, release)
      tidy()
    },
    take: (id) => {
      const known = held.get(id)
      if (known !== undefined) {
        use(id, known)
        return known
      }
      const loading = load(id).then((release) => {
        if (held.get(id) === loading) {
          if (release === undefined) held.delete(id)
          else held.set(id, release)
          tidy()
        }
        return release
      })
      use(id, loading)
      tidy()
      return loading
    },
  }
}

/** Those that there is no place for: the least recently used ones. */
function beyond(held: Held, { limit, room }: Pick<ShelfOptions, 'limit' | 'room'>): string[] {
  const counted = new Set<Uint8Array>()
  let taken = 0
  const fits = ([, one]: readonly [string, ReturnType<Shelf['take']>], at: number) => {
    // How large one is that is still loaded is not known yet.
    const artifacts = one instanceof Promise ? [] : one.release.artifacts.values()
    for (const { bytes } of artifacts) {
      if (!counted.has(bytes)) taken += bytes.length
      counted.add(bytes)
    }
    return at === 0 || (at < limit && taken <= room)
  }
  const latest = [...held].reverse()
  const end = latest.findIndex((one, at) => !fits(one, at))
  return end < 0 ? [] : latest.slice(end).map(([id]) => id)
}
