import { digestOf } from '../../schemas/digest.ts'

/** Example app path → name of the reference that shows it: `EXAMPLE.md` for one, `EXAMPLE-<dir>.md` for several. */
export function exampleNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const unique = [...new Set(paths)]
  if (unique.length === 1) return new Map(unique.map((path) => [path, 'EXAMPLE.md']))
  const spellings = [dirOf, safe, (path: string) => `${safe(path)}-${digestOf(path).slice(0, 8)}`]
  return new Map(unique.map((path) => [path, `EXAMPLE-${firstUnshared(path, unique, spellings)}.md`]))
}

type Spelling = (path: string) => string

/** The first spelling that is not one of another path's, whether or not case counts. */
function firstUnshared(path: string, paths: readonly string[], spellings: readonly Spelling[]): string {
  const unshared = spellings.find((spell) => {
    const name = spell(path).toLowerCase()
    return paths.every((other) => other === path || spellings.every((of) => of(other).toLowerCase() !== name))
  })
  return (unshared ?? digestOf)(path)
}

/** Folder name of an example app, by which skip patterns know it. */
export function dirOf(path: string): string {
  return safe(path.split('/').at(-1) ?? path)
}

function safe(path: string): string {
  return path.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+/, '') || 'app'
}
