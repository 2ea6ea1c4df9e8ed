import { posix } from 'node:path'
import type { ParsedTree } from '../parse.ts'

/** Whose a file below `skills/` is: a skill's or a group's, or nobody's. */
export type Owner =
  | { readonly kind: 'skill' | 'group'; readonly dir: string }
  /** `dir` is the outermost folder around it in which nothing is a skill or a group; undefined when there is none. */
  | { readonly kind: 'nobody'; readonly dir: string | undefined }

/** Finds whose the files below `skills/` are: the innermost folder counts. */
export function ownersOf({ skills, groups }: Pick<ParsedTree, 'skills' | 'groups'>): (path: string) => Owner {
  const kinds = new Map<string, 'skill' | 'group'>([
    ...skills.map(({ dir }) => [dir, 'skill'] as const),
    ...groups.map(({ dir }) => [dir, 'group'] as const),
  ])
  const around = new Set([...kinds.keys()].flatMap(above))
  return (path) => {
    const folders = above(path)
    for (const dir of folders) {
      const kind = kinds.get(dir)
      if (kind !== undefined) return { kind, dir }
    }
    return { kind: 'nobody', dir: folders.findLast((dir) => dir !== 'skills' && !around.has(dir)) }
  }
}

/** The folders that a path lies in, innermost first. */
function above(path: string): string[] {
  const folders: string[] = []
  for (let dir = posix.dirname(path); dir !== '.'; dir = posix.dirname(dir)) folders.push(dir)
  return folders
}
