import { artifactName } from '../../schemas/ids.ts'
import type { Check } from './check.ts'

/** Reads the lines of a list of digests; what is no such list, or not sorted, is told, and undefined. */
export function readSums(
  check: Check,
  path: string,
  bytes: Uint8Array,
): ReadonlyMap<string, string> | undefined {
  const text = new TextDecoder().decode(bytes)
  const sums = new Map<string, string>()
  let before = ''
  for (const [at, line] of text.replace(/\n$/, '').split('\n').entries()) {
    const [, digest, name = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    if (digest === undefined || !artifactName.safeParse(name).success || name <= before) {
      const expected = `"<64 hex digits>  <name>", sorted by name, as line ${at + 1}`
      check.report('sums', path, { expected, came: JSON.stringify(line.slice(0, 200)) })
      return undefined
    }
    sums.set(name, digest)
    before = name
  }
  if (text.endsWith('\n')) return sums
  check.report('sums', path, { expected: 'a line break at the end', came: 'none' })
  return undefined
}
