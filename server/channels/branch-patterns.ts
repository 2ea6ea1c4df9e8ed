import { CHANNELS_PATH, parseDeclaration } from '../../build/declarations.ts'
import type { SourceTree } from '../../build/release.ts'
import { channelsSchema } from '../../schemas/channels.ts'

/** Which branches are channels where nobody says. */
export const DEFAULT_PATTERNS: readonly string[] = ['experiment/*']

/** Which branches a tree declares to be channels; undefined when it tries to and cannot. */
export function patternsIn({ files, diagnostics }: SourceTree): readonly string[] | undefined {
  const file = files.find(({ path }) => path === CHANNELS_PATH)
  if (file !== undefined) return parseDeclaration(channelsSchema, file, () => undefined)?.branches
  return diagnostics.some(({ path }) => path === CHANNELS_PATH) ? undefined : DEFAULT_PATTERNS
}

/** True when a branch is called as a pattern says, in which `*` stands for any letters. In linear time. */
export function matchesPattern(branch: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return branch === first
  if (!branch.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = branch.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return branch.length - at >= last.length && branch.endsWith(last)
}
